"""Words, codes without their separators, and pairs of wide characters."""

import pytest

from sellers.screening.model_numbers import (
    keys_among,
    keys_of_field,
    model_key,
    place_in_title,
)
from sellers.screening.words import Text, is_code


@pytest.mark.parametrize(
    ("text", "words", "spelt"),
    [
        ("Leaf blower", ["leaf", "blower"], "leaf blower"),
        ("ECHO PB-5810H!", ["echo", "pb5810h", "pb", "5810h"], "echo pb 5810h"),
        ("lap-top", ["lap", "top"], "lap top"),
        ("ＰＢ５８１０Ｈ", ["pb5810h"], "pb5810h"),
        ("行動電源A1257", ["行動", "動電", "電源", "a1257"], "行動電源a1257"),
        ("完", ["完"], "完"),
        ("Épée", ["épée"], "épée"),
        ("", [], ""),
        ("--- !", [], ""),
    ],
)
def test_words_of_a_text(text, words, spelt):
    read = Text.of(text)
    assert (read.words, read.spelt) == (words, spelt)


def test_a_code_has_letters_and_digits():
    assert [is_code(word) for word in ("pb5810h", "5810h", "5810", "echo", "a1")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "text", ["PB-5810H", "pb 5810 h", "PB5810H", "ＰＢ－５８１０Ｈ", "PB/5810.H"]
)
def test_a_model_number_has_one_key(text):
    assert model_key(text) == "pb5810h"


@pytest.mark.parametrize(
    "text",
    ["1200", "2018", "2018-2020", "500 ml", "12V", "10-inch", "Classic", "A4", "size 10", "USB3",
     "EN 71", "0000000", "30x40cm", ""],
)  # fmt: skip
def test_what_many_products_carry_is_too_weak(text):
    assert model_key(text) == ""


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("ECHO PB-5810H, new", True),
        ("ECHO PB 5810 H new", True),
        ("(PB-5810H)", True),
        ("PB-5810H9", False),
        ("PB-5810H-2", False),
        ("XPB-5810H", False),
        ("PB-5810", False),
    ],
)
def test_a_model_number_is_a_whole_token_of_a_title(title, found):
    assert ("pb5810h" in set(keys_among(Text.of(title).tokens))) is found


def test_a_title_without_digits_has_none():
    assert keys_among(Text.of("A leaf blower of ECHO").tokens) == []
    assert "size10" not in keys_among(Text.of("Nike shoes size 10").tokens)


def test_a_field_may_hold_several():
    assert list(keys_of_field("Item No. PB-5810H; PB-5910T")) == ["pb5810h", "pb5910t"]
    assert list(keys_of_field("")) == []


def test_where_a_model_stands():
    assert place_in_title("Filter for PB-5810H", "pb5810h") == 11
    assert place_in_title("Filter for PB 5810H", "pb5810h") == 11
    assert place_in_title("Filter", "pb5810h") == -1
