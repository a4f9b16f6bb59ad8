"""Offers against a register: what decides, what only suggests, and what speaks against it."""

import pytest

from sellers.screening import Basis, Decision, Entry, Offer, Register
from sellers.screening.calibration import CURRENT, OWN, Thresholds, threshold_without_labels

GTIN = "04006592453091"
BLOWER = Entry(
    1, "Gas-powered backpack blower", "ECHO Inc., of Lake Zurich", ("PB-5810H",), (GTIN,)
)
TWIN = Entry(2, "Backpack blower", "ECHO", (), (GTIN,))
BED = Entry(3, "Foldable travel cot with blue elephant print", "", ("KX-20A",), (), ("839120479",))
POWER = Entry(4, "行動電源 快充 透明外殼", "安克", ("A1257",))
SHOPS_OWN = Entry(5, "Salad bowl", "", (), ("02000000000008",))
ENTRIES = [BLOWER, TWIN, BED, POWER, SHOPS_OWN]
ALL_GO_IN = Thresholds("test", {OWN: 0.55})


@pytest.fixture(scope="module")
def register():
    return Register.of(ENTRIES, ALL_GO_IN)


def only(register, **fields):
    (matches,) = register.check([Offer(**fields)])
    return [(match.key, match.basis, match.decision) for match in matches]


@pytest.mark.parametrize("code", ["4006592453091", "4 006592 453091", "04006592453091"])
def test_a_gtin_decides_for_every_entry_that_has_it(register, code):
    found = only(register, code=code)
    assert found == [(1, Basis.GTIN, Decision.MATCH), (2, Basis.GTIN, Decision.MATCH)]


def test_a_gtin_is_found_in_a_title(register):
    assert only(register, title="Blower, EAN 4006592453091")[0][:2] == (1, Basis.GTIN)


@pytest.mark.parametrize("code", ["4006592453092", "4006592453", "40065924530910"])
def test_a_neighbouring_gtin_is_none(register, code):
    assert only(register, code=code) == []


def test_a_shops_own_number_is_for_review(register):
    assert only(register, code="2000000000008") == [(5, Basis.GTIN, Decision.REVIEW)]


def test_a_code_without_check_digit_is_for_review_and_exact(register):
    assert only(register, code="839120479") == [(3, Basis.GTIN, Decision.REVIEW)]
    assert only(register, code="0839120479") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "ECHO leaf blower pb 5810h"},
        {"title": "Leaf blower", "brand": "Echo Ltd", "model": "PB5810H"},
    ],
)
def test_a_model_decides_together_with_its_brand(register, fields):
    assert (1, Basis.BRAND_MODEL, Decision.MATCH) in only(register, **fields)


def test_a_model_without_a_brand_is_for_review(register):
    assert only(register, title="Blower PB-5810H") == [(1, Basis.BRAND_MODEL, Decision.REVIEW)]


def test_a_model_of_another_brand_is_discarded(register):
    assert only(register, title="Blower PB-5810H", brand="Stihl") == []


@pytest.mark.parametrize("title", ["Filter for ECHO PB-5810H", "Ersatzteil für ECHO PB-5810H"])
def test_a_spare_part_is_for_review(register, title):
    (matches,) = register.check([Offer(title=title)])
    assert [(match.basis, match.decision) for match in matches] == [
        (Basis.BRAND_MODEL, Decision.REVIEW)
    ]
    assert "spare part" in " ".join(matches[0].reasons)


def test_another_gtin_lowers_a_model(register):
    (matches,) = register.check([Offer("ECHO PB-5810H", code="5907528337227")])
    assert [match.confidence for match in matches] == [pytest.approx(0.665)]


def test_words_only_suggest(register):
    (matches,) = register.check([Offer("Foldable travel cot, blue elephant print")])
    (match,) = matches
    assert (match.key, match.basis, match.decision) == (3, Basis.TEXT, Decision.REVIEW)
    assert match.confidence < 0.9
    assert match.margin > 0.3
    assert "suggestion" in match.reasons[0]


def test_chinese_words_are_found(register):
    assert only(register, title="透明外殼快充行動電源") == [(4, Basis.TEXT, Decision.REVIEW)]


def test_conflicting_codes_lower_a_text(register):
    plain, other = register.check(
        [
            Offer("Foldable travel cot, blue elephant print"),
            Offer("Foldable travel cot, blue elephant print ZZ-99B"),
        ]
    )
    assert not other or other[0].score < 0.8 * plain[0].score


def test_nothing_is_found_for_nothing(register):
    assert only(register) == []
    assert only(register, title="!!! …") == []
    assert only(Register.of([], ALL_GO_IN), title="Blower PB-5810H", code=GTIN) == []


def test_an_answer_does_not_depend_on_its_neighbours(register):
    offers = [Offer(entry.name, entry.brand) for entry in ENTRIES] * 30
    together = list(register.check(offers))
    alone = [matches for offer in offers for matches in register.check([offer])]
    assert together == alone


class TestUpdated:
    def test_a_new_entry_is_found_by_everything(self, register):
        fresh = Entry(9, "Wooden rattle with loose bells", "Molo", ("RT-77X",), ("05907528337227",))
        updated = register.updated([fresh], [])
        assert only(updated, code="5907528337227") == [(9, Basis.GTIN, Decision.MATCH)]
        assert only(updated, title="Molo RT77X")[0] == (9, Basis.BRAND_MODEL, Decision.MATCH)
        assert only(updated, title="wooden rattle, loose bells")[0][:2] == (9, Basis.TEXT)
        assert only(updated, code=GTIN) == only(register, code=GTIN)
        assert only(register, code="5907528337227") == []

    def test_an_entry_that_is_gone_is_not_found(self, register):
        updated = register.updated([], [1])
        assert [key for key, _basis, _decision in only(updated, code=GTIN)] == [2]
        assert only(updated, title="Gas-powered backpack blower", brand="ECHO")[0][0] == 2

    def test_the_latest_edition_counts(self, register):
        other = Entry(3, "Playpen", "", ("QQ-55B",))
        updated = register.updated([other], []).updated([TWIN], [4])
        assert only(updated, title="Foldable travel cot, blue elephant print") == []
        assert only(updated, title="QQ-55B")[0][0] == 3
        assert updated.in_small_segment == 2
        gone = updated.updated([], [3])
        assert only(gone, title="QQ-55B") == []


class TestThresholds:
    def test_half_as_many_second_best_pass(self):
        best = [0.9, 0.8, 0.7, 0.6, 0.3, 0.3]
        second = [0.3, 0.3, 0.3, 0.3, 0.2, 0.2]
        assert threshold_without_labels(best, second) == pytest.approx(0.305)

    def test_never_below_the_least(self):
        assert threshold_without_labels([0.4] * 9, [0.1] * 9, least=0.55) == 0.55

    def test_without_offers_nothing_passes(self):
        assert threshold_without_labels([], []) == 1.0

    def test_a_source_without_one_has_our_own(self):
        assert CURRENT.of("anywhere") == CURRENT.of(OWN) > 0
