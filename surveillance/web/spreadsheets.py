"""Tables to download, as CSV and as XLSX: safe to open, and whole.

return download(name="requests", kind="xlsx", columns=("reference",), rows=rows)
"""

import tempfile
from collections.abc import Iterable, Sequence
from typing import Literal, cast

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from surveillance.spreadsheets.writing import Table, csv_lines, write_xlsx

Kind = Literal["csv", "xlsx"]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger workbook is on disk until it is sent


def kind_of(extension: str) -> Kind:
    """Of an address. Raises Http404 for a format that there is not."""
    if extension not in {"csv", "xlsx"}:
        raise Http404(_("Choose csv or xlsx."))
    return cast(Kind, extension)


def download(
    *,
    name: str,
    kind: Kind,
    columns: Sequence[object],
    rows: Iterable[Sequence[object]],
    title: str = "",
    widths: Sequence[int] = (),
) -> HttpResponseBase:
    """One table as a file `name`.csv or `name`.xlsx; `title` names the sheet."""
    if kind == "csv":
        return csv_download(name, columns, rows)
    return xlsx_download(name, [Table(title or name[:31], columns, rows, widths=widths)])


def csv_download(
    name: str, columns: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Sent row by row, as `rows` gives them."""
    response = StreamingHttpResponse(
        csv_lines(columns, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx_download(name: str, tables: Sequence[Table]) -> FileResponse:
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (the response closes it)
    write_xlsx(out, tables)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{name}.xlsx", content_type=_XLSX)
