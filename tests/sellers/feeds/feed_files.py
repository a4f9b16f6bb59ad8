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
CANADIAN = {
    "NID": "82174",
    "Title": "Example Tower Stools recalled due to fall hazard",
    "URL": "https://recalls-rappels.canada.ca/en/alert-recall/example",
    "Organization": "Consumer product safety",
    "Product": "Example Tower Stools",
    "Issue": "Fall hazard",
    "What you should do": "",
    "Category": "Toys and games",
    "Recall class": "",
    "Last updated": "2026-07-14",
    "Archived": "0",
}
OECD_RECALL = {
    "guid": "http://PoliciesApplications.oecd.org/GlobalRecalls/Recall/EN/US/26698",
    "country": "US",
    "title": "Magnetic cubes",
    "description": "",
    "date_submitted": "2026-08-13",
    "first_seen": "2026-08-19",
}
KOREAN = {
    "id": "KR:90000001",
    "title": "장난감(완구)",
    "product_name": "장난감(완구)",
    "category_source": "완구",
    "model": "TC-100R",
    "company": "가나토이",
    "recall_kind_source": "명령에따른리콜",
    "date_published": "2026-03-02",
    "source_url": "https://recalls.example/list",
    "first_seen": "2026-06-01",
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


def canadian_file(*entries: object) -> bytes:
    """A list with these entries; keys that one does not name are as in ``CANADIAN``."""
    return json.dumps(
        [CANADIAN | entry if isinstance(entry, dict) else entry for entry in entries], indent=0
    ).encode()


def oecd_lines(*entries: object) -> bytes:
    return _lines(OECD_RECALL, entries)


def korean_lines(*entries: object) -> bytes:
    return _lines(KOREAN, entries)


def _lines(base: dict[str, str], entries: tuple[object, ...]) -> bytes:
    """JSONL; an entry that is bytes is a line as it stands."""
    return b"".join(
        entry + b"\n"
        if isinstance(entry, bytes)
        else json.dumps(base | entry if isinstance(entry, dict) else entry).encode() + b"\n"
        for entry in entries
    )


def oecd_feed(*items: dict[str, str]) -> bytes:
    """The RSS feed; ``creator`` and ``dateSubmitted`` stand in Dublin Core's namespace."""
    base = {"guid": OECD_RECALL["guid"], "title": "Cubes", "dcterms:dateSubmitted": "2026-08-13"}
    written = "".join(
        "<item>"
        + "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in (base | item).items())
        + "</item>"
        for item in items
    )
    head = '<rss version="2.0" xmlns:dcterms="http://purl.org/dc/terms/"><channel>'
    return f"{head}<title>Global portal</title>{written}</channel></rss>".encode()


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


def read_canadian(**keys: object) -> AlertRecord:
    (record,) = read("health_canada", canadian_file({_key_of(key): keys[key] for key in keys}))
    assert isinstance(record, AlertRecord)
    return record


def _key_of(keyword: str) -> str:
    """ "What_you_should_do" as the source writes it."""
    return keyword.replace("_", " ")


def read_oecd(**keys: object) -> AlertRecord:
    (record,) = read("oecd", oecd_lines(keys))
    assert isinstance(record, AlertRecord)
    return record


def read_korean(**keys: object) -> AlertRecord:
    (record,) = read("safety_korea", korean_lines(keys))
    assert isinstance(record, AlertRecord)
    return record


def notice_codes(record: IncidentRecord | AlertRecord) -> list[tuple[str, str]]:
    return [(notice.field, notice.code.value) for notice in record.notices]


def _key(column: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in column)
