"""Files as people and attackers send them: read exactly, or refused with what to do about it."""

import csv
import io
import zipfile
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from surveillance.spreadsheets import reading, xlsx_reading
from surveillance.spreadsheets.files import read
from surveillance.spreadsheets.reading import BYTES, Cell, Sheet, Unreadable
from surveillance.spreadsheets.writing import Table, csv_lines, write_xlsx

COLUMNS = ("request", "number", "text")
# What both formats can hold: no control characters, and no halves of pairs.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=60
)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=12)


def sheet_of(content: bytes, **options) -> Sheet:
    return read(content, known=COLUMNS, title="answers", **options)


def texts(sheet: Sheet) -> list[tuple[str, ...]]:
    return [tuple(line.cells[name].text for name in COLUMNS) for line in sheet.lines]


def workbook(*rows: tuple[object, ...], title: str = "answers") -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in [COLUMNS, *rows]:
        book.active.append(row)
    return book


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refusal(content: bytes, **options) -> str:
    with pytest.raises(Unreadable) as caught:
        sheet_of(content, **options)
    return str(caught.value)


def read_or_refused(content: bytes) -> Sheet | str:
    """The sheet, or the sentence that says why not; another error fails the test."""
    try:
        return sheet_of(content)
    except Unreadable as problem:
        return str(problem)


# what was written comes back


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ROWS)
def test_round_trip_of_both_formats(rows):
    out = io.BytesIO()
    write_xlsx(out, [Table("answers", COLUMNS, rows), Table("Allowed values", ("Value",), [])])
    expected = [
        tuple(reading.tidied(text) for text in row)
        for row in rows
        if any(reading.tidied(text) for text in row)
    ]
    plain = "".join(csv_lines(COLUMNS, rows))
    for content in (out.getvalue(), plain.encode(), plain.encode("utf-16")):
        assert texts(sheet_of(content)) == expected


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    for start in (b"", b"request,number,text\n", b"PK\x03\x04"):
        assert read_or_refused(start + content)


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_separators(encoding, separator, end):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerows([COLUMNS, ("TD-1", "1", "磁石, 小さい; ok")])
    assert texts(sheet_of(out.getvalue().encode(encoding))) == [("TD-1", "1", "磁石, 小さい; ok")]


@pytest.mark.parametrize(("encoding", "codec"), [("big5", "cp950"), ("shift_jis", "cp932")])
def test_older_encodings_are_read_when_they_are_named_and_never_guessed(encoding, codec):
    content = "request,number,text\nTD-1,1,子供\n".encode(codec)
    assert "not in UTF-8 or UTF-16" in refusal(content)
    assert texts(sheet_of(content, encoding=encoding)) == [("TD-1", "1", "子供")]


def test_a_named_encoding_that_is_wrong_says_which_line():
    content = "request,number,text\nTD-1,1,å ä\n".encode("latin-1")
    assert "line 2 cannot be read" in refusal(content, encoding="big5")


def test_excels_own_separator_line_is_skipped():
    assert texts(sheet_of(b"sep=;\r\nrequest;number;text\r\nTD-1;1;a\r\n")) == [("TD-1", "1", "a")]


def test_rows_are_numbered_as_the_spreadsheet_does():
    lines = sheet_of(b'request,number,text\n\nTD-1,1,"a\nb"\n,,\nTD-1,2,c\n').lines
    assert [(line.number, line.cells["text"].text) for line in lines] == [(3, "a\nb"), (5, "c")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'request,number,text\nTD-1,1,"open\n', "quotation mark is not closed"),
        (b"request,number,text\nTD-1,1,a\0b\n", "no text file"),
        ("request,number,text\nTD-1,1,a\0b\n".encode("utf-16"), "no text file"),
        (b"\xff\xfeabc", "not in UTF-16-LE"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"request,number,text," + b",".join(b"x%d" % n for n in range(3)), "“x0”, “x1”, “x2”"),
        (b",,\nrequest,number,text\n", "first row is empty"),
        (b"Request , Number,TEXT,,colour\n", "“(no name)”, “colour”"),
    ],
)
def test_what_is_refused_and_why(content, said):
    assert said in refusal(content)


def test_too_many_rows_and_too_many_bytes():
    heading, row = b"request,number,text\n", b"TD-1,1,a\n"
    assert len(sheet_of(heading + row * 10_000).lines) == 10_000
    assert "more than 10,000 rows" in refusal(heading + row * 10_001)
    assert "beyond row 20,000" in refusal(heading + b",,\n" * 20_001)
    assert "larger than 10 MB" in refusal(heading + b"x" * BYTES)


@pytest.mark.parametrize("text", ["1.23457E+12", "4,0E+15"])
def test_a_number_that_excel_has_shortened_is_told_at_its_cell(text):
    (line,) = sheet_of(f'request,number,text\nTD-1,1,"{text}"\n'.encode()).lines
    assert "shortened" in line.cells["text"].fault.what
    assert line.cells["text"].address == "C2"


def test_values_right_of_the_last_column_are_told():
    (line,) = sheet_of(b"request,number,text\nTD-1,1,a,b,,c\n").lines
    assert [cell.address for cell in line.beyond] == ["D2", "F2"]


# XLSX


def test_numbers_come_as_they_are_shown_and_dates_do_not():
    long = 1_234_567_890_123_456_789
    book = workbook(("TD-1", 3.0, 12.5), ("TD-1", long, date(2026, 1, 2)))
    rows = sheet_of(saved(book)).lines
    assert (rows[0].cells["number"].text, rows[0].cells["text"].text) == ("3", "12.5")
    assert "last digits are lost" in rows[1].cells["number"].fault.what
    assert "into a date" in rows[1].cells["text"].fault.what


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("https://a.example")', "=cmd|'/C x'!A0"])
def test_a_formula_is_refused_with_its_cell(formula):
    (line,) = sheet_of(saved(workbook(("TD-1", 1, formula)))).lines
    assert line.cells["text"].fault.is_formula
    assert "C2" in line.cells["text"].fault.what


def test_an_error_of_excel_is_told():
    book = workbook(("TD-1", 1, "#N/A"))
    book.active["C2"].data_type = "e"
    (line,) = sheet_of(saved(book)).lines
    assert "error of Excel" in line.cells["text"].fault.what


def test_the_sheet_is_found_by_its_name_or_by_its_columns():
    book = workbook(("TD-1", 1, "a"))
    book.create_sheet("Notes", 0).append(["Ask Kim"])
    assert texts(sheet_of(saved(book))) == [("TD-1", "1", "a")]
    book["answers"].title = "Sheet1"
    assert texts(sheet_of(saved(book))) == [("TD-1", "1", "a")]
    copy = book.copy_worksheet(book["Sheet1"])
    assert "Name the sheet with the answers “answers”" in refusal(saved(book))
    copy.sheet_state = "hidden"
    assert sheet_of(saved(book)).notes == ["The hidden sheet “Sheet1 Copy” was not read."]
    copy.title = "answers"
    assert "“answers” is hidden" in refusal(saved(book))


def test_a_row_far_below_is_refused_and_not_waited_for():
    book = workbook(("TD-1", 1, "a"))
    book.active["A1000000"] = "x"
    assert "beyond row 20,000" in refusal(saved(book))


# bombs


def rezipped(content: bytes, **parts: bytes) -> bytes:
    """The workbook with some of its parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part.filename, old.read(part))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


SOUND = saved(workbook(("TD-1", 1, "a"), ("TD-1", 2, "=1+1")))
SOUND_SHEET = zipfile.ZipFile(io.BytesIO(SOUND)).read(SHEET)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(0, len(SOUND_SHEET) - 1), st.integers(0, 255)),
        min_size=1,
        max_size=6,
    )
)
def test_a_sheet_with_bytes_changed_is_read_or_refused(changes):
    xml = bytearray(SOUND_SHEET)
    for place, byte in changes:
        xml[place] = byte
    assert read_or_refused(rezipped(SOUND, **{SHEET: bytes(xml)}))


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = rezipped(saved(workbook()), **{SHEET: b"\0" * (xlsx_reading.UNPACKED + 1)})
    assert len(content) < 2**17
    assert "becomes larger than 48 MB" in refusal(content)
    many = {f"xl/media/{number}": b"" for number in range(300)}
    assert "becomes larger than" in refusal(rezipped(saved(workbook()), **many))


def test_entities_are_not_expanded():
    laughs = (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    assert "cannot be opened" in refusal(rezipped(saved(workbook()), **{SHEET: laughs}))


def test_a_sheet_that_claims_to_be_huge_is_read_as_large_as_it_is():
    content = saved(workbook(("TD-1", 1, "a")))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(SHEET).replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')
    assert b"XFD1048576" in xml
    assert texts(sheet_of(rezipped(content, **{SHEET: xml}))) == [("TD-1", "1", "a")]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500])
def test_a_zip_that_is_none(content):
    assert "cannot be opened" in refusal(content)


def test_another_zip_and_a_workbook_under_a_password():
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "cannot be opened" in refusal(other.getvalue())


@pytest.mark.parametrize("number", [b"NaN", b"1e999", b"-inf"])
def test_a_number_that_is_none_is_told_at_its_cell(number):
    xml = SOUND_SHEET.replace(b"<v>1</v>", b"<v>" + number + b"</v>")
    assert number in xml
    found = read_or_refused(rezipped(SOUND, **{SHEET: xml}))
    assert isinstance(found, str) or found.lines[0].cells["number"].fault


def test_an_empty_cell_is_told_from_none():
    (line,) = sheet_of(b"request,number,text\nTD-1\n").lines
    assert line.cells["text"] == Cell()


def test_what_we_write_openpyxl_opens():
    out = io.BytesIO()
    write_xlsx(out, [Table("answers", COLUMNS, [("TD-1", 1, "a")], to_fill=("text",))])
    sheet = load_workbook(out)["answers"]
    assert sheet["B2"].value == 1
    assert sheet["C2"].number_format == "@"
    assert sheet.freeze_panes == "A2"
