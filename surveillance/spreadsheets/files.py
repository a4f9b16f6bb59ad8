"""Any file that should be a table: told by its content, not by its name. Pure."""

from collections.abc import Collection, Iterator, Sequence

from django.utils.translation import gettext as _

from surveillance.spreadsheets import csv_reading, xlsx_reading
from surveillance.spreadsheets.reading import BYTES, Row, Sheet, Unreadable, arranged

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx under a password


def read(
    content: bytes,
    *,
    known: Sequence[str],
    required: Collection[str] = (),
    title: str,
    encoding: str = "",
) -> Sheet:
    """The table in a CSV or XLSX file.

    `known`: every column there may be; `required`: those that must be. `title`: the sheet that a
    workbook has it in. `encoding`: one of `csv_reading.ENCODINGS` where the reader has named it.
    Raises Unreadable.
    """
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > BYTES:
        raise too_large()
    if content.startswith(_OLE):
        raise Unreadable(
            _(
                "This is a workbook of an old Excel (.xls), or one under a password. Save it"
                " without a password as “Excel workbook (.xlsx)”."
            )
        )
    rows: Iterator[Row]
    notes: list[str] = []
    if content.startswith(_ZIP):
        rows, notes = xlsx_reading.rows_of(content, known=known, title=title)
    else:
        rows = csv_reading.rows_of(content, known=known, encoding=encoding)
    return arranged(rows, known=known, required=required, notes=notes)


def too_large() -> Unreadable:
    return Unreadable(
        _("The file is larger than %(limit)d MB. Split it, and upload the parts.")
        % {"limit": BYTES // 2**20}
    )
