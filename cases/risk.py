"""Risk assessment after the guidelines of Commission Implementing Decision (EU) 2019/417.

Pure: no ORM, no settings. An injury scenario has a severity of 1 to 4 and steps, each with a
probability; their product is the probability of the injury, and it is kept as an exact fraction
from what was typed to the row of the matrix. The scenario with the highest risk decides. The
sensitivity says what one band of probability or one severity up or down would change.

Sources: the levels of the matrix and of PRISM's table are those that the Office for Product
Safety and Standards (UK) publishes in its product-safety-database (MIT, Crown copyright); the
matrix restates Table 4 of the guidelines, whose bands do not hold their lower bound. The
severities condense Table 3. See docs/decisions/0012-risk-sensitivity.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import total_ordering
from math import prod
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class RiskInputError(ValueError):
    """What was entered cannot be assessed; `field` names where."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(f"{field}: {message}")


@total_ordering
class Level(Enum):
    """Level of risk, low < medium < high < serious."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    SERIOUS = "serious"

    @property
    def rank(self) -> int:
        return tuple(Level).index(self)

    @property
    def label(self) -> str:
        return str(LEVELS[self])

    def __lt__(self, other: object) -> bool:
        return self.rank < other.rank if isinstance(other, Level) else NotImplemented


LEVELS: Mapping[Level, Promise] = {
    Level.LOW: gettext_lazy("low risk"),
    Level.MEDIUM: gettext_lazy("medium risk"),
    Level.HIGH: gettext_lazy("high risk"),
    Level.SERIOUS: gettext_lazy("serious risk"),
}

# Decision (EU) 2019/417, Annex, Table 3, condensed.
SEVERITIES: Mapping[int, Promise] = {
    1: gettext_lazy(
        "First aid is enough, normally without a doctor; no substantial loss of function or "
        "excessive pain; usually fully reversible"
    ),
    2: gettext_lazy(
        "A visit to accident and emergency may be needed, in general no hospital stay; function "
        "affected for up to about 6 months, recovery more or less complete"
    ),
    3: gettext_lazy(
        "Normally needs a hospital stay; function affected for more than 6 months, or lost for good"
    ),
    4: gettext_lazy(
        "Is or could be fatal, brain death included; affects reproduction or offspring; severe "
        "permanent loss of function"
    ),
}


@dataclass(frozen=True)
class Band:
    """A row of the matrix: probabilities p with `above` < p <= `up_to`, levels by severity."""

    label: str
    above: Fraction
    up_to: Fraction
    levels: tuple[Level, Level, Level, Level]

    def level(self, severity: int) -> Level:
        return self.levels[severity - 1]


def _matrix() -> tuple[Band, ...]:
    """Table 4 of the guidelines, the highest band first."""
    low, medium, high, serious = Level
    table = (
        ("> 50 %", Fraction(1, 2), (high, serious, serious, serious)),
        ("> 1/10", Fraction(1, 10), (medium, serious, serious, serious)),
        ("> 1/100", Fraction(1, 100), (medium, serious, serious, serious)),
        ("> 1/1 000", Fraction(1, 1_000), (low, high, serious, serious)),
        ("> 1/10 000", Fraction(1, 10_000), (low, medium, high, serious)),
        ("> 1/100 000", Fraction(1, 100_000), (low, low, medium, high)),
        ("> 1/1 000 000", Fraction(1, 1_000_000), (low, low, low, medium)),
        ("<= 1/1 000 000", Fraction(0), (low, low, low, low)),
    )
    uppers = (Fraction(1), *(above for _label, above, _levels in table))
    return tuple(
        Band(label, above, upper, levels)
        for (label, above, levels), upper in zip(table, uppers, strict=False)
    )


BANDS = _matrix()


@dataclass(frozen=True)
class Step:
    """One step on the way to the injury: what has to happen, and how probable it is."""

    text: str
    probability: Fraction

    def __post_init__(self) -> None:
        if not isinstance(self.probability, Fraction):
            raise TypeError(
                f"probability must be an exact Fraction, not {type(self.probability).__name__}. "
                "Read it with parse_probability."
            )
        _check_range(self.probability, "probability")


@dataclass(frozen=True)
class Scenario:
    """How somebody could be injured: the injury, its severity (1 to 4), the steps to it."""

    injury: str
    severity: int
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if type(self.severity) is not int or self.severity not in SEVERITIES:
            raise RiskInputError("severity", _("Choose a severity from 1 to 4."))
        if not self.steps:
            raise RiskInputError("steps", _("Add at least one step with its probability."))

    @property
    def probability(self) -> Fraction:
        """Overall probability, the exact product of those of the steps."""
        return prod((step.probability for step in self.steps), start=Fraction(1))


@dataclass(frozen=True)
class ScenarioResult:
    scenario: Scenario
    probability: Fraction
    band: Band
    level: Level


@dataclass(frozen=True)
class Sensitivity:
    """The level of the whole assessment if the deciding scenario were one band of overall
    probability, or one severity, up or down; None where the matrix ends."""

    level: Level
    probability_up: Level | None
    probability_down: Level | None
    severity_up: Level | None
    severity_down: Level | None

    def sentence(self) -> str:
        """What would change, in the active language."""
        cases = (
            (_("one probability band up"), self.probability_up),
            (_("one probability band down"), self.probability_down),
            (_("one severity up"), self.severity_up),
            (_("one severity down"), self.severity_down),
        )
        changes = [
            _("%(shift)s (%(level)s)") % {"shift": shift, "level": level.label}
            for shift, level in cases
            if level is not None and level is not self.level
        ]
        stays = {"level": self.level.label}
        if not changes:
            return (
                _("Stays at %(level)s with one probability band or one severity up or down.")
                % stays
            )
        return _("Stays at %(level)s, except for %(changes)s.") % {
            **stays,
            "changes": ", ".join(changes),
        }


@dataclass(frozen=True)
class Assessment:
    """`results` in the order of the scenarios; `deciding` is the index of the one that decides."""

    level: Level
    deciding: int
    results: tuple[ScenarioResult, ...]
    sensitivity: Sensitivity

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, probabilities as exact fractions in text."""
        shifts = self.sensitivity
        return {
            "level": self.level.value,
            "deciding": self.deciding,
            "scenarios": [
                {
                    "injury": result.scenario.injury,
                    "severity": result.scenario.severity,
                    "steps": [
                        {"text": step.text, "probability": str(step.probability)}
                        for step in result.scenario.steps
                    ],
                    "probability": str(result.probability),
                    "band": result.band.label,
                    "level": result.level.value,
                }
                for result in self.results
            ],
            "sensitivity": {
                name: level and level.value
                for name, level in (
                    ("probability_up", shifts.probability_up),
                    ("probability_down", shifts.probability_down),
                    ("severity_up", shifts.severity_up),
                    ("severity_down", shifts.severity_down),
                )
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Assessment:
        """Assess the stored scenarios again; ValueError if the stored outcome is another."""
        assessment = assess(
            [
                Scenario(
                    entry["injury"],
                    entry["severity"],
                    tuple(
                        Step(step["text"], Fraction(step["probability"])) for step in entry["steps"]
                    ),
                )
                for entry in data["scenarios"]
            ]
        )
        if assessment.to_json() != data:
            raise ValueError(
                "The stored outcome does not follow from the stored scenarios: "
                f"stored {data['level']}, assessed {assessment.level.value}."
            )
        return assessment


def assess(scenarios: Sequence[Scenario]) -> Assessment:
    """The level of risk of a product: that of its highest scenario.

    Of several at that level the most severe decides, then the most probable, then the first.
    """
    if not scenarios:
        raise RiskInputError("scenarios", _("Add at least one injury scenario."))
    results = tuple(_result(scenario) for scenario in scenarios)
    deciding = max(
        range(len(results)),
        key=lambda i: (results[i].level, results[i].scenario.severity, results[i].probability, -i),
    )
    level = results[deciding].level
    return Assessment(level, deciding, results, _sensitivity(results, deciding))


def _result(scenario: Scenario) -> ScenarioResult:
    probability = scenario.probability
    band = band_of(probability)
    return ScenarioResult(scenario, probability, band, band.level(scenario.severity))


def band_of(probability: Fraction) -> Band:
    """The band that holds a probability of more than 0 and at most 1."""
    _check_range(probability, "probability")
    return next(band for band in BANDS if probability > band.above)


def _sensitivity(results: Sequence[ScenarioResult], deciding: int) -> Sensitivity:
    row = BANDS.index(results[deciding].band)
    severity = results[deciding].scenario.severity
    others = [result.level for i, result in enumerate(results) if i != deciding]

    def shifted(row: int, severity: int) -> Level | None:
        if not 0 <= row < len(BANDS) or severity not in SEVERITIES:
            return None
        return max([BANDS[row].level(severity), *others])

    return Sensitivity(
        level=results[deciding].level,
        probability_up=shifted(row - 1, severity),
        probability_down=shifted(row + 1, severity),
        severity_up=shifted(row, severity + 1),
        severity_down=shifted(row, severity - 1),
    )


# Whole numbers may have their thousands set off by spaces, as in 1/10 000.
_WHOLE = r"[0-9]{1,3}(?: [0-9]{3})+|[0-9]+"
_RATIO = re.compile(rf"({_WHOLE}) ?(?:/|\u2044|in) ?({_WHOLE})", re.IGNORECASE)
_DECIMAL = re.compile(r"([0-9]*\.?[0-9]+) ?(%?)")
_LONGEST = 60


def parse_probability(text: str | Fraction, *, field: str = "probability") -> Fraction:
    """Read "1/50", "1 in 50", "0.51" or "2 %" as an exact fraction.

    Spaces, full-width digits and thousands set off by spaces are read too. Raises RiskInputError
    naming `field` for anything else, and outside 0 < p <= 1; TypeError for floats, which are not
    exact.
    """
    if isinstance(text, Fraction):
        _check_range(text, field)
        return text
    if not isinstance(text, str):
        raise TypeError(f"{field}: give the probability as text, not as {type(text).__name__}.")
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    negative, unsigned = plain[:1] in ("-", "\u2212"), plain.lstrip("-\u2212 ")
    if len(plain) > _LONGEST:
        raise RiskInputError(field, _("This is too long. Write it like 1/50, 0.02 or 2 %."))
    probability = _read(unsigned, field)
    if probability is None:
        raise RiskInputError(
            field,
            _(
                "%(text)s cannot be read as a probability. Write it like 1/50, 1 in 50, 0.02 "
                "or 2 %%."
            )
            % {"text": f"“{plain}”"},
        )
    _check_range(-probability if negative else probability, field)
    return probability


def _read(text: str, field: str) -> Fraction | None:
    if ratio := _RATIO.fullmatch(text):
        numerator, denominator = (int(number.replace(" ", "")) for number in ratio.groups())
        if denominator == 0:
            raise RiskInputError(field, _("Nothing can be divided by 0. Write it like 1/50."))
        return Fraction(numerator, denominator)
    if decimal := _DECIMAL.fullmatch(text):
        number, percent = decimal.groups()
        return Fraction(number) / (100 if percent else 1)
    return None


def _check_range(probability: Fraction, field: str) -> None:
    if probability < 0:
        raise RiskInputError(field, _("A probability cannot be negative. Leave out the minus."))
    if probability == 0:
        raise RiskInputError(
            field,
            _("0 means that this can never happen. Leave the scenario out, or give the chance."),
        )
    if probability > 1:
        raise RiskInputError(field, _("A probability is at most 1 (100 %). Write a smaller one."))


# PRISM (Office for Product Safety and Standards): most items in use, then levels by risk level.
_ITEMS_IN_USE: tuple[tuple[int | None, tuple[Level, Level, Level, Level]], ...] = (
    (100_000, (Level.LOW, Level.MEDIUM, Level.HIGH, Level.SERIOUS)),
    (500_000, (Level.MEDIUM, Level.HIGH, Level.HIGH, Level.SERIOUS)),
    (1_000_000, (Level.MEDIUM, Level.HIGH, Level.SERIOUS, Level.SERIOUS)),
    (None, (Level.HIGH, Level.SERIOUS, Level.SERIOUS, Level.SERIOUS)),
)


def with_items_in_use(level: Level, units: int) -> Level:
    """PRISM's combined level: the level of risk, raised by how many items are in use."""
    if type(units) is not int or units < 0:
        raise RiskInputError("units", _("Give the number of items in use, 0 or more."))
    return next(
        levels[level.rank] for most, levels in _ITEMS_IN_USE if most is None or units <= most
    )
