"""Brands in one writing, and whether two are the same."""

import pytest

from sellers.screening.brands import Agreement, agreement, brand_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ECHO Inc., of Lake Zurich, Illinois", "echo"),
        ("Luoyang Siqi Trading Co., Ltd., dba KAIFAM, of China", "kaifam"),
        ("Dorel Home Furnishings Inc. d/b/a Cosco Home and Office Products, of Columbus, Indiana",
         "cosco home and office products"),
        ("Dong Guan Ke Ji You Xian Gong Si, of China, doing business as Pomona", "pomona"),
        ("Thermos L.L.C., of Schaumburg, Illinois", "thermos"),
        ("TOMY International, Inc.", "tomy"),
        ("ＥＣＨＯ", "echo"),
        ("展碁國際股份有限公司", "展碁國際"),
        ("Jeux 2 mômes", "jeux 2 mômes"),
        ("The Limited", "the"),
        ("Limited", "limited"),
        ("192390", ""),
        ("Unknown", ""),
        ("No brand", ""),
        ("Generic", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_brand_has_one_writing(text, key):
    assert brand_key(text) == key


@pytest.mark.parametrize(
    ("offer_brand", "title", "entry_brand", "name", "found"),
    [
        ("echo", "", "echo", "blower", Agreement.AGREES),
        ("taftoys", "", "taf toys", "foam mat", Agreement.AGREES),
        ("helmo", "", "helmo milano", "veloce", Agreement.AGREES),
        ("papablic", "", "shenzhen two pony tech", "papablic archie swing", Agreement.AGREES),
        ("stihl", "", "echo", "blower", Agreement.CONFLICTS),
        ("stihl", "fits echo blowers", "echo", "blower", Agreement.MISSING),
        ("", "echo leaf blower", "echo", "blower", Agreement.AGREES),
        ("", "echoes of the past", "echo", "blower", Agreement.MISSING),
        ("", "leaf blower", "echo", "blower", Agreement.MISSING),
        ("echo", "leaf blower", "", "blower", Agreement.MISSING),
        ("echo", "leaf blower", "", "echo blower", Agreement.AGREES),
    ],
)
def test_brands_agree_conflict_or_are_missing(offer_brand, title, entry_brand, name, found):
    assert agreement(offer_brand, title, entry_brand, name) is found
