"""Risk after Decision (EU) 2019/417: exact, monotone, and robust where it says so."""

import csv
import json
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.risk import (
    BANDS,
    SEVERITIES,
    Assessment,
    Level,
    RiskInputError,
    Scenario,
    Step,
    assess,
    band_of,
    parse_probability,
    with_items_in_use,
)

WORKED_CASES = Path(__file__).with_name("worked_cases.csv")
with WORKED_CASES.open(encoding="utf-8", newline="") as _file:
    CASES = list(csv.DictReader(_file))


def scenario(severity, *probabilities, injury="cut finger"):
    steps = tuple(Step(f"step {p}", parse_probability(p)) for p in probabilities)
    return Scenario(injury, severity, steps)


probabilities = st.one_of(
    st.fractions(min_value=Fraction(1, 10**7), max_value=1),
    st.sampled_from([band.up_to for band in BANDS] + [band.up_to * 99 / 100 for band in BANDS]),
)
severities = st.sampled_from(sorted(SEVERITIES))
scenarios = st.builds(
    lambda severity, chances: scenario(severity, *chances),
    severities,
    st.lists(probabilities, min_size=1, max_size=4),
)


def test_there_are_65_worked_cases():
    assert len(CASES) == 65


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_worked_case(case):
    [result] = assess(
        [scenario(int(case["severity"]), *case["step_probabilities"].split(";"))]
    ).results
    assert result.probability == parse_probability(case["overall_probability"])
    assert result.level.value == case["risk"]


def test_bands_join_without_gap_from_one_to_nothing():
    assert BANDS[0].up_to == 1
    assert BANDS[-1].above == 0
    for higher, lower in zip(BANDS, BANDS[1:], strict=False):
        assert higher.above == lower.up_to


@pytest.mark.parametrize("band", BANDS, ids=lambda band: band.label)
def test_band_holds_its_upper_and_not_its_lower_limit(band):
    assert band_of(band.up_to) is band
    if band.above:
        assert band_of(band.above) is not band
        assert band_of(band.above + Fraction(1, 10**30)) is band


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/50", Fraction(1, 50)),
        ("1 / 50", Fraction(1, 50)),
        ("1 in 50", Fraction(1, 50)),
        ("1 IN 50", Fraction(1, 50)),
        ("3/4", Fraction(3, 4)),
        ("1/1 000 000", Fraction(1, 10**6)),
        ("1/10\u00a0000", Fraction(1, 10**4)),
        ("0.51", Fraction(51, 100)),
        (".5", Fraction(1, 2)),
        ("2 %", Fraction(1, 50)),
        ("50%", Fraction(1, 2)),
        ("0.1 %", Fraction(1, 1000)),
        ("100 %", Fraction(1)),
        ("1", Fraction(1)),
        ("１／５０", Fraction(1, 50)),
        ("２％", Fraction(1, 50)),
        ("½", Fraction(1, 2)),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_probability_is_read_exactly(text, expected):
    assert parse_probability(text) == expected


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "cannot be read"),
        ("often", "“often” cannot be read"),
        ("0,5", "0.02"),
        ("1/1,000", "cannot be read"),
        ("1/10 00", "cannot be read"),
        ("1e-3", "cannot be read"),
        ("nan", "cannot be read"),
        ("1/0", "divided by 0"),
        ("0", "Leave the scenario out"),
        ("0 %", "Leave the scenario out"),
        ("0/5", "Leave the scenario out"),
        ("1.01", "at most 1"),
        ("101 %", "at most 1"),
        ("3/2", "at most 1"),
        ("-1/2", "negative"),
        ("\u2212 5 %", "negative"),
        ("0." + "0" * 80 + "1", "too long"),
        (Fraction(3, 2), "at most 1"),
        (Fraction(0), "Leave the scenario out"),
    ],
)
def test_bad_probability_names_the_field_and_how_to_mend_it(text, advice):
    with pytest.raises(RiskInputError) as error:
        parse_probability(text, field="steps[2].probability")
    assert error.value.field == "steps[2].probability"
    assert str(error.value).startswith("steps[2].probability: ")
    assert advice in str(error.value)


@pytest.mark.parametrize("inexact", [0.5, 1.0, 1])
def test_floats_and_bare_numbers_are_refused(inexact):
    with pytest.raises(TypeError):
        parse_probability(inexact)
    with pytest.raises(TypeError):
        Step("a float", inexact)


def test_three_thirds_are_exact():
    assert scenario(1, "1/3", "3/10", "1").probability == Fraction(1, 10)
    assert sum([parse_probability("1/3")] * 3) == 1
    # As floats, 0.1 * 0.1 is more than 1/100 and would choose the band above.
    assert assess([scenario(1, "0.1", "0.1")]).level is Level.LOW


@pytest.mark.parametrize("severity", [0, 5, 2.0, "2", True])
def test_severity_must_be_one_to_four(severity):
    with pytest.raises(RiskInputError, match="severity"):
        Scenario("burn", severity, (Step("touch", Fraction(1)),))


def test_scenario_without_steps_and_assessment_without_scenarios_are_refused():
    with pytest.raises(RiskInputError, match="steps"):
        Scenario("burn", 1, ())
    with pytest.raises(RiskInputError, match="scenarios"):
        assess([])


def test_levels_are_ordered():
    assert sorted(Level, reverse=True) == [Level.SERIOUS, Level.HIGH, Level.MEDIUM, Level.LOW]
    assert Level.LOW < Level.MEDIUM <= Level.MEDIUM < Level.HIGH < Level.SERIOUS


@given(scenarios, st.integers(0, 3), probabilities)
def test_a_likelier_step_never_lowers_the_level(base, index, other):
    index %= len(base.steps)
    step = base.steps[index]
    likelier = replace(step, probability=max(step.probability, other))
    steps = (*base.steps[:index], likelier, *base.steps[index + 1 :])
    assert assess([replace(base, steps=steps)]).level >= assess([base]).level


@given(scenarios, severities)
def test_a_severer_injury_never_lowers_the_level(base, other):
    severer = replace(base, severity=max(base.severity, other))
    assert assess([severer]).level >= assess([base]).level


@given(scenarios)
def test_order_of_steps_does_not_matter(base):
    outcomes = {
        (result.probability, result.level)
        for steps in permutations(base.steps)
        for result in assess([replace(base, steps=steps)]).results
    }
    assert len(outcomes) == 1


@given(st.lists(scenarios, min_size=1, max_size=4))
def test_highest_scenario_decides_whatever_their_order(several):
    forth, back = assess(several), assess(several[::-1])
    assert forth.level == max(result.level for result in forth.results)
    assert forth.results[forth.deciding].level is forth.level
    assert (forth.level, forth.sensitivity) == (back.level, back.sensitivity)


@given(st.lists(scenarios, min_size=1, max_size=3))
def test_sensitivity_is_what_assessing_the_shifted_scenario_gives(several):
    assessment = assess(several)
    deciding = assessment.results[assessment.deciding]
    row = BANDS.index(deciding.band)

    def shifted(rows, severities):
        target, severity = row + rows, deciding.scenario.severity + severities
        if not 0 <= target < len(BANDS) or severity not in SEVERITIES:
            return None
        moved = Scenario("moved", severity, (Step("all", BANDS[target].up_to),))
        return assess([moved, *several[: assessment.deciding], *several[assessment.deciding + 1 :]])

    expected = {
        "probability_up": shifted(-1, 0),
        "probability_down": shifted(1, 0),
        "severity_up": shifted(0, 1),
        "severity_down": shifted(0, -1),
    }
    for name, assessed in expected.items():
        level = getattr(assessment.sensitivity, name)
        assert level == (assessed.level if assessed else None)


def test_sensitivity_sentence_says_what_would_change():
    folding_chair = assess([scenario(1, "1", "1/50", "1/10", "1")])
    assert folding_chair.sensitivity.sentence() == (
        "Stays at low risk, except for one probability band up (medium risk), "
        "one severity up (high risk)."
    )
    choking = assess([scenario(4, "1/5")])
    assert choking.sensitivity.severity_up is None
    assert choking.sensitivity.sentence() == (
        "Stays at serious risk with one probability band or one severity up or down."
    )


def test_a_second_scenario_at_the_same_level_holds_it_up():
    alone = assess([scenario(3, "1/5000")])
    assert alone.sensitivity.probability_down is Level.MEDIUM
    held_up = assess([scenario(3, "1/5000"), scenario(2, "1/500")])
    assert held_up.level is Level.HIGH
    assert held_up.sensitivity.probability_down is Level.HIGH


@given(st.lists(scenarios, min_size=1, max_size=3))
def test_json_round_trip(several):
    assessment = assess(several)
    stored = json.loads(json.dumps(assessment.to_json()))
    assert Assessment.from_json(stored) == assessment


def test_json_keeps_fractions_as_text():
    stored = assess([scenario(1, "2 %", "1/10")]).to_json()
    assert stored["scenarios"][0]["probability"] == "1/500"
    assert stored["scenarios"][0]["steps"][0] == {"text": "step 2 %", "probability": "1/50"}


def test_long_but_exact_probability_survives_the_round_trip():
    assessment = assess([scenario(1, "0." + "3" * 50)])
    assert Assessment.from_json(assessment.to_json()) == assessment


def test_a_stored_outcome_that_does_not_follow_is_an_error():
    stored = assess([scenario(4, "1/2")]).to_json()
    with pytest.raises(ValueError, match="does not follow"):
        Assessment.from_json({**stored, "level": "low"})


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (0, ["low", "medium", "high", "serious"]),
        (100_000, ["low", "medium", "high", "serious"]),
        (100_001, ["medium", "high", "high", "serious"]),
        (500_000, ["medium", "high", "high", "serious"]),
        (500_001, ["medium", "high", "serious", "serious"]),
        (1_000_000, ["medium", "high", "serious", "serious"]),
        (1_000_001, ["high", "serious", "serious", "serious"]),
    ],
)
def test_items_in_use_raise_the_level_as_prism_has_it(units, expected):
    assert [with_items_in_use(level, units).value for level in Level] == expected


@pytest.mark.parametrize("units", [-1, 1.5, True, "10"])
def test_items_in_use_must_be_a_whole_number(units):
    with pytest.raises(RiskInputError, match="units"):
        with_items_in_use(Level.LOW, units)
