"""One document, three renderings: everything that is said stands in each of them."""

import io

import pypdf
import pytest

from surveillance.outbox import document
from surveillance.outbox.document import Document
from surveillance.outbox.rendering import as_html, as_pdf, as_text
from surveillance.web.templatetags import ui

SAYINGS = [
    "移除不安全商品 TD-2026-000310",
    "磁鐵會鬆脫，兒童吞下後會穿破腸道。",
    "磁石の誤飲により腸に穴が開くおそれがあります。",
    "자석 공 — Łódź, Ærø, Ελλάδα, Київ",
    "<script>alert(1)</script> & #let x = 1",
]
LETTER = Document(
    title=SAYINGS[0],
    sender="Product Safety Authority",
    reference="TD-2026-000310",
    dated="28 September 2026",
    blocks=(
        document.paragraph(SAYINGS[1]),
        document.heading("Listings"),
        document.facts(("危害", SAYINGS[2]), ("Empty", "")),
        document.table(["No.", "Listing"], [["1", SAYINGS[3]], ["2", SAYINGS[4]]]),
        document.steps(["Mon 28 Sep 2026: received", "Tue 29 Sep 2026: counted"]),
        document.link("Open", "https://portal.example/TD-2026-000310/"),
    ),
)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def pdf() -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(as_pdf(LETTER, "zh-hant")))


def test_text_says_everything():
    text = as_text(LETTER)
    for saying in [*SAYINGS, "危害", "Tue 29 Sep 2026: counted", "https://portal.example/"]:
        assert squeezed(saying) in squeezed(text)
    assert "Empty" not in text


def test_html_says_everything_and_escapes():
    html = as_html(LETTER, "zh-hant").replace("<wbr>", "")
    for saying in SAYINGS[:4]:
        assert saying in html
    assert "<script>" not in html
    assert 'lang="zh-hant"' in html


def test_pdf_can_be_read_back_with_every_character(pdf):
    text = squeezed("".join(page.extract_text() for page in pdf.pages))
    for saying in SAYINGS:
        assert squeezed(saying) in text


def test_pdf_lacks_no_glyph(pdf):
    """A font's glyph 0 is the empty box: no text may be drawn with it."""
    fonts = [
        font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()
    ]
    names = {str(font["/BaseFont"]) for font in fonts}
    assert any("NotoSansCJK" in name for name in names), names
    for font in fonts:
        assert "/FontFile3" in str(font["/DescendantFonts"][0]["/FontDescriptor"]) or (
            "/FontFile2" in str(font["/DescendantFonts"][0]["/FontDescriptor"])
        ), "the font is embedded"
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "\ufffd" not in text
    assert "\x00" not in text


def test_pdf_is_an_archive_file(pdf):
    assert b"pdfaid" in pdf.xmp_metadata.stream.get_data()


def test_a_document_survives_the_database():
    assert Document.from_json(LETTER.to_json()) == LETTER


def test_long_addresses_break_on_a_phone_and_read_the_same():
    page = str(ui.breakable("https://harbour-market.example/item?id=1&x=<b>"))
    assert "<b>" not in page
    assert "harbour-<wbr>market.<wbr>example/<wbr>item?<wbr>id=<wbr>1&amp;x=&lt;b&gt;" in page
    assert str(ui.breakable("A short word")) == "A short word"
