"""Barcode fields as people fill them in. All texts but the masked ones are from real records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from sellers.feeds.identifiers import (
    Identifier,
    IdentifierStatus,
    Scheme,
    labelled_identifiers,
    read_identifiers,
    shop_identifiers,
    valid_gtins,
)


@pytest.mark.parametrize(
    ("text", "gtins"),
    [
        ("4006592453091", ["04006592453091"]),
        ("062243216198", ["00062243216198"]),
        ("15060426154451", ["15060426154451"]),
        ("96385074", ["00000096385074"]),
        ("EAN 6933893332863", ["06933893332863"]),
        ("EAN: 5907528337227", ["05907528337227"]),
        ("8 002 100 234066", ["08002100234066"]),
        ("8 697461 662308", ["08697461662308"]),
        ("0 75656 01369 8", ["00075656013698"]),
        ("6-39277-84823-9", ["00639277848239"]),
        ("6 28915367348", ["00628915367348"]),
        ("194735069118/19", ["00194735069118"]),
        ("816523025570 6126087", ["00816523025570"]),
        ("1. 6934275612542 2. 6934275612559", ["06934275612542", "06934275612559"]),
        ("1) 6417084112132, 2) 6417084119612", ["06417084112132", "06417084119612"]),
        ("3167671717013 (otter)3167671717037 (elephant)", ["03167671717013", "03167671717037"]),
        ("(01)03583788020073(21)", ["03583788020073"]),
        ("E6920178330706", ["06920178330706"]),
        ("EAN5906133241387", ["05906133241387"]),
        ("BOUILLOTTE STITCH3532678594408", ["03532678594408"]),
        ("４００６５９２４５３０９１", ["04006592453091"]),
        ("19588404543501 95884045442", []),
        ("87135080010438713508001050", ["08713508001043", "08713508001050"]),
        ("3220660344833 3220660344840", ["03220660344833", "03220660344840"]),
        ("5902386628652, 5902386628652", []),
        ("4014549786604, 4014549786604", ["04014549786604"]),
    ],
)
def test_codes_with_a_right_check_digit_have_fourteen_digits(text: str, gtins: list[str]) -> None:
    assert list(valid_gtins(read_identifiers(text))) == gtins


@pytest.mark.parametrize(
    "text",
    [
        "074451815418",
        "8 43479 14765",
        "26000 02123",
        "UPC: 0793466230",
        "10253837xxx",
        "EEE0080250001",
        "PB2509250409963-1",
        "52604-52319A-1COL-8Y",
        "28000031010810100",
        "21-0103358-001-01",
        "00000000000000",
        "201810029 40296 970774 330068",
    ],
)
def test_what_is_no_complete_code_is_kept_but_matches_nothing(text: str) -> None:
    identifiers = read_identifiers(text)
    assert [one.status for one in identifiers] == [IdentifierStatus.INVALID]
    assert identifiers[0].raw == text
    assert valid_gtins(identifiers) == ()


def test_one_lost_zero_is_put_back_where_the_check_digit_agrees() -> None:
    (code,) = read_identifiers("47406146888")
    assert code == Identifier(
        Scheme.GTIN, "47406146888", "00047406146888", IdentifierStatus.RESTORED
    )


@pytest.mark.parametrize("text", ["84020917529", "9434610922", "4 7406146888"])
def test_no_zero_is_put_back_otherwise(text: str) -> None:
    """A wrong check digit; ten digits, of which every tenth would agree by chance; blanks."""
    assert [one.status for one in read_identifiers(text)] == [IdentifierStatus.INVALID]


@pytest.mark.parametrize(
    "text", ["", "Unknown ", "N/A", "I don’t know ", "?", "-", "None", "none that we can fin", ":("]
)
def test_words_hold_no_code(text: str) -> None:
    assert read_identifiers(text) == ()


def test_identifiers_of_amazon_are_told_apart_from_barcodes() -> None:
    found = read_identifiers("ASINS B00XBC3BF0   B01D7PG5EO; X001XAT2UV, 4006592453091")
    assert [(one.scheme, one.value) for one in found] == [
        (Scheme.ASIN, "B00XBC3BF0"),
        (Scheme.ASIN, "B01D7PG5EO"),
        (Scheme.FNSKU, "X001XAT2UV"),
        (Scheme.GTIN, "04006592453091"),
    ]


def test_shop_identifiers_of_a_traders_field() -> None:
    found = shop_identifiers("Amazon(ASIN B0FDQ43JHG) / AliExpress(1005006019771834) / ")
    assert [one.value for one in found] == ["B0FDQ43JHG"]


@pytest.mark.parametrize(
    ("text", "gtins"),
    [
        ("Turtle egg, EAN 5907479468278", ["05907479468278"]),
        ("5 050836 937815", ["05050836937815"]),
        ("S30, bar code: 0 274211 000030 ", ["00274211000030"]),
        ("Babystart 910/4000; Homebase 126116", []),
        ("8001234620943", []),
        ("EAN 376009570735", []),
    ],
)
def test_labelled_codes_in_other_fields(text: str, gtins: list[str]) -> None:
    assert list(valid_gtins(labelled_identifiers(text))) == gtins


def test_numbers_for_use_within_a_shop_are_restricted() -> None:
    assert read_identifiers("2000000011967")[0].is_restricted
    assert not read_identifiers("4006592453091")[0].is_restricted


@given(st.text(alphabet="0123456789 -,;/.()abEAN:", max_size=80))
def test_a_value_is_always_a_code_whose_check_digit_holds(text: str) -> None:
    for one in read_identifiers(text):
        assert one.raw
        assert (one.value == "") == (one.status is IdentifierStatus.INVALID)
        if one.scheme is Scheme.GTIN and one.value:
            assert len(one.value) == 14
            assert ean.is_valid(one.value)


@given(st.from_regex(r"[1-9][0-9]{11}", fullmatch=True))
def test_every_ean_is_read_plain_and_as_printed(start: str) -> None:
    code = start + ean.calc_check_digit(start)
    printed = f"{code[0]} {code[1:7]} {code[7:]}"
    assert valid_gtins(read_identifiers(code)) == ("0" + code,)
    assert valid_gtins(read_identifiers(printed)) == ("0" + code,)
