"""Plain text, names, countries, hazards, model numbers and addresses out of foreign fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellers.feeds.base import Hazard, Notice
from sellers.feeds.countries import country_code, country_codes
from sellers.feeds.hazards import hazards_of_prose, hazards_of_terms
from sellers.feeds.model_numbers import models_in_prose, split_models
from sellers.feeds.web_addresses import web_address
from sellers.feeds.wording import (
    first_sentence,
    is_filler,
    mixes_alphabets,
    named,
    plain_line,
    plain_text,
    shortened,
    storable,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Kraft &amp; Dele", "Kraft & Dele"),
        ("About&nbsp;13,000 \u00a0units", "About 13,000 units"),
        ('Unknown <font color="#ff0000">(COUNTERFEIT)</font>', "Unknown (COUNTERFEIT)"),
        ("first<br/>second<script>alert(1)</script>", "first\nsecond"),
        ("batch < 5 & > 3", "batch < 5 & > 3"),
        ("child\x92s toy\x00\x0b", "child’s toy"),
        ("Item No. \uf0235316", "Item No. 5316"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("a\r\n\r\n\r\n\r\nb", "a\n\nb"),
    ],
)
def test_plain_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=200))
def test_plain_text_can_always_be_stored(text: str) -> None:
    plain = plain_text(text)
    plain.encode()
    assert "\x00" not in plain
    assert plain == plain.strip()


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_plain_ascii_takes_a_shorter_way_to_the_same_text(text: str) -> None:
    """A letter that is not ASCII, taken out again afterwards, forces the long way. It stands in
    front: behind, it would go on with a tag that the text leaves open."""
    assert plain_text(text) == plain_text("é " + text).removeprefix("é").strip()


def test_a_line_has_no_line_breaks() -> None:
    assert plain_line(" a<br/>b\n\n c ") == "a b c"


def test_storable_cleans_what_a_database_refuses_and_nothing_else() -> None:
    parsed = {"a\x00": ["b\ud800", 1, None, {"c": "<b>&amp;"}]}
    assert storable(parsed) == {"a": ["b\ufffd", 1, None, {"c": "<b>&amp;"}]}


@pytest.mark.parametrize(
    "text", ["Unknown.", " unknown ", "N/A", "Not specified ", "-", "–", "I don’t know", "?", "Na"]
)
def test_fillers_are_no_names(text: str) -> None:
    assert is_filler(text)
    assert named(text) == ""


@pytest.mark.parametrize("text", ["Funke", "None of Your Business", "Knot So Bad", "0", "Nona"])
def test_names_are_no_fillers(text: str) -> None:
    assert named(text) == text


def test_cuts_fall_between_words() -> None:
    assert shortened("a soft toy in the shape of a sheep", 16) == "a soft toy in…"
    assert shortened("x" * 20, 10) == "x" * 9 + "…"
    assert first_sentence("LED night light. With plug.", 80) == "LED night light."
    assert first_sentence("Flashing nursing bottle.Remark: none", 80) == "Flashing nursing bottle."


def test_look_alike_letters_are_noticed() -> None:
    assert mixes_alphabets("Еlif")
    assert not mixes_alphabets("Elif")
    assert not mixes_alphabets("Бар код EAN")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("People's Republic of China", "CN"),
        ("People’s Republic of China", "CN"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("The Netherlands", "NL"),
        ("United Kingdom in respect of Northern Ireland", "GB"),
        ("Republic of Korea", "KR"),
        ("Democratic Republic Of Congo", "CD"),
        ("Taiwan", "TW"),
        ("Unknown", ""),
        ("Atlantis", ""),
    ],
)
def test_country_names(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("China and Vietnam", ("CN", "VN")),
        ("Canada (ski kits)\nChina (adaptor kits)", ("CA", "CN")),
        ("Vietnam, China, and Taiwan", ("VN", "CN", "TW")),
        ("Bosnia and Herzegovina", ("BA",)),
        ("China and Atlantis", ()),
    ],
)
def test_several_countries(text: str, codes: tuple[str, ...]) -> None:
    assert country_codes(text) == codes


def test_hazard_terms() -> None:
    assert hazards_of_terms("Burns, Electric shock, Fire") == (
        (Hazard.BURNS, Hazard.ELECTRIC_SHOCK, Hazard.FIRE),
        (),
    )
    assert hazards_of_terms("Drowning, Hypothermia ") == ((Hazard.DROWNING, Hazard.OTHER), ())
    assert hazards_of_terms("Blow, Cuts") == ((Hazard.OTHER, Hazard.CUTS), ("Blow",))


@pytest.mark.parametrize(
    ("text", "hazards"),
    [
        ("Risk of Choking and Battery Ingestion Hazards", (Hazard.CHOKING, Hazard.INGESTION)),
        ("Risk of Serious Injury or Death from Suffocation", (Hazard.SUFFOCATION,)),
        ("Laceration Hazard from Projectiles", (Hazard.CUTS,)),
        ("Risk of Head Injury", (Hazard.INJURIES,)),
        ("Electrocution or Shock Hazard", (Hazard.ELECTRIC_SHOCK,)),
        ("fire pits near the firearm safe", ()),
    ],
)
def test_hazards_in_prose(text: str, hazards: tuple[Hazard, ...]) -> None:
    assert hazards_of_prose(text) == hazards


@pytest.mark.parametrize(
    ("text", "models"),
    [
        (" / CS04413PE04", ("CS04413PE04",)),
        ("CO-418-01 , POR - 530 - T17 ", ("CO-418-01", "POR - 530 - T17")),
        ("Item No. 1369378", ("1369378",)),
        ("Model 911", ("911",)),
        ("Type: XA5,  Art. 42143", ("XA5", "42143")),
        ("Bar code: 6948256082187; Model: YS-218", ("YS-218",)),
        ("WDB4633401X168159,WDB4633401X168353", ("WDB4633401X168159", "WDB4633401X168353")),
        ("1) TC-02FR; 2) TC-02TF", ("TC-02FR", "TC-02TF")),
        ("Enriched Cream (715205, 250 ml), Lytic Tx (1)", None),
        ("Unknown.", ()),
        ("-", ()),
        ("2,5m", ("2,5m",)),
    ],
)
def test_models_of_a_field(text: str, models: tuple[str, ...] | None) -> None:
    expected = models if models is not None else ("Enriched Cream (715205, 250 ml)", "Lytic Tx (1)")
    assert split_models(text) == (expected, False)


def test_a_description_is_no_model() -> None:
    text = "S30; The recall concerns all of the vehicles manufactured in that year"
    assert split_models(text) == (("S30",), True)


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("Gas ranges with model numbers NS-RGFGSS1 and NS-RGFCGS2. The", "NS-RGFGSS1 NS-RGFCGS2"),
        ("Biometric safes with model number QHXP029B.", "QHXP029B"),
        ("bubba Bull (Style 45541)", ""),
        ("models UK30500 and UK30500PC of the Vacuum", "UK30500 UK30500PC"),
        ("Model No.: S5V2” is printed", "S5V2"),
        ("the model number “166700” is printed", "166700"),
        ("model numbers: K51459, K76398, and K47973 &c", "K51459 K76398 K47973"),
        ("SKU PRPLXX00860, and serial number 17", "PRPLXX00860"),
        ("involves model year 2002 bicycles, 2004 model year", ""),
        ("models 2004 and 2005", ""),
        ("model number and serial number are printed", ""),
        ("the 10-quart model 52.5", ""),
        ("part number 1009159 on the label", "1009159"),
    ],
)
def test_models_in_prose(text: str, models: str) -> None:
    assert models_in_prose(text) == tuple(models.split())


@pytest.mark.parametrize(
    ("text", "address", "reason"),
    [
        ("https://www.cpsc.gov/a", "https://www.cpsc.gov/a", None),
        (" https://rappel.conso.gouv.fr\t\t", "https://rappel.conso.gouv.fr", None),
        ("https:/www.cpsc.gov/a", "https://www.cpsc.gov/a", "url_mended"),
        ("https:///www.tedi.com", "https://www.tedi.com", "url_mended"),
        ("https:// www.hyundai.com", "https://www.hyundai.com", "url_mended"),
        ("https://a.gov/belt 3.jpg", "https://a.gov/belt%203.jpg", "url_mended"),
        ("https://a.com/de/ ; https://a.com/en/", "https://a.com/de/", "url_mended"),
        ("https://a.com/1https://a.com/2", "https://a.com/1", "url_mended"),
        ("https://web.archive.org/web/https://a.com", None, None),
        ("javascript:alert(1)", "", "url_unreadable"),
        ("http://www. honda.de", "", "url_unreadable"),
        ("see the shop", "", "url_unreadable"),
        ("", "", None),
    ],
)
def test_web_addresses(text: str, address: str | None, reason: str | None) -> None:
    notices: list[Notice] = []
    assert web_address("URL", text, notices) == (text if address is None else address)
    assert [notice.code.value for notice in notices] == ([reason] if reason else [])
