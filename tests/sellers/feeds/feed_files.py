"""Small feed files made for a test, in the layouts of the real ones."""

import csv
import io
import json
from pathlib import Path
from xml.sax.saxutils import escape

from sellers.feeds.base import AlertRecord, IncidentRecord, Rejection
from sellers.feeds.registry import ALERT_FEEDS, INCIDENT_FEEDS
from sellers.feeds.saferproducts import COLUMNS, DISCLAIMER

SAMPLES = Path(__file__).parents[3] / "sellers" / "feeds" / "samples"

INCIDENT = {
    "Report No.": "20240207-BC020-2147341186",
    "Report Date": "2/7/2024 ",
    "Product Description": "Water beads",
}
RECALL = {
    "RecallID": 10854,
    "RecallNumber": "26606",
    "RecallDate": "2026-07-09T00:00:00",
    "Title": "Best Buy Recalls Gas Ranges Due to Fire Hazard",
    "Products": [{"Name": "Gas Ranges", "Model": "", "Type": "", "NumberOfUnits": "About 20"}],
}
ALERT = {
    "caseNumber": "SR/02810/26",
    "reference": "https://ec.europa.eu/safety-gate-alerts/screen/webReport/alertDetail/10100001",
    "category": "Toys",
    "product": "Soft toy",
    "riskType": "Choking",
    "notifyingCountry": "Sweden",
    "countryOfOrigin": "Unknown",
    "type": "Consumer",
    "level": "Serious risk",
}


def incident_file(*rows: dict[str, str], before: str = f"Disclaimer: {DISCLAIMER}\n") -> bytes:
    """An export with these rows; columns that a row does not name are empty."""
    text = io.StringIO()
    text.write(before)
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(INCIDENT | row for row in rows)
    return text.getvalue().encode()


def recall_file(*recalls: object) -> bytes:
    """An answer with these recalls; keys that a recall does not name are as in ``RECALL``."""
    return json.dumps(
        [RECALL | recall if isinstance(recall, dict) else recall for recall in recalls]
    ).encode()


def alert_file(
    *alerts: dict[str, str],
    report_date: str = "14/08/2026",
    year: str = "2026",
    week: str = "32",
    pictures: tuple[str, ...] = (),
) -> bytes:
    """A weekly report with these alerts; fields that one does not name are as in ``ALERT``."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Safety-Gate>'
        f"<report_language>en</report_language><report_date>{report_date}</report_date>"
        f"<report_year>{year}</report_year><report_week>{week}</report_week>"
        + "".join(_alert(ALERT | alert, pictures) for alert in alerts)
        + "</Safety-Gate>"
    ).encode()


def _alert(alert: dict[str, str], pictures: tuple[str, ...]) -> str:
    fields = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in alert.items())
    shown = "".join(f"<picture>{escape(url)}</picture>" for url in pictures)
    return f"<notifications><order>1</order>{fields}<pictures>{shown}</pictures></notifications>"


def read(name: str, content: bytes) -> list[IncidentRecord | AlertRecord | Rejection]:
    """Everything that the feed ``name`` makes of ``content``."""
    feed = INCIDENT_FEEDS.get(name) or ALERT_FEEDS[name]
    return list(feed.read(io.BytesIO(content)))


def read_incident(**columns: str) -> IncidentRecord:
    """The record of one row; columns by their names with blanks as underscores."""
    row = {column: columns[key] for column in COLUMNS if (key := _key(column)) in columns}
    assert len(row) == len(columns), f"no such column among {sorted(columns)}"
    (record,) = read("saferproducts", incident_file(row))
    assert isinstance(record, IncidentRecord)
    return record


def read_recall(**keys: object) -> AlertRecord:
    (record,) = read("cpsc", recall_file(keys))
    assert isinstance(record, AlertRecord)
    return record


def read_alert(pictures: tuple[str, ...] = (), /, **fields: str) -> AlertRecord:
    (record,) = read("safety_gate", alert_file(fields, pictures=pictures))
    assert isinstance(record, AlertRecord)
    return record


def notice_codes(record: IncidentRecord | AlertRecord) -> list[tuple[str, str]]:
    return [(notice.field, notice.code.value) for notice in record.notices]


def _key(column: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in column)
