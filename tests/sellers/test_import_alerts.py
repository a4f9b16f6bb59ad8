"""manage.py import_alerts: what it prints, what it writes, and that it may run again."""

import dataclasses
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from django.core.management import CommandError, call_command

from sellers.feeds.base import AlertRecord, Feed, Rejection
from sellers.feeds.registry import ALERT_FEEDS
from sellers.flows import feed_imports, products
from sellers.flows.alert_imports import AlertIntake
from sellers.flows.feed_imports import import_file, rehearse_file
from sellers.models import Alert, Picture, Product, ProductIdentifier
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.audit.models import AuditEntry
from surveillance.flow import Forbidden
from surveillance.jobs import running
from surveillance.jobs.counts import Counts
from surveillance.jobs.flows import cancel
from surveillance.jobs.models import Job, JobProblem
from tests.sellers.feeds.feed_files import SAMPLES, alert_file, read_alert, recall_file

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 28, 8, 0, tzinfo=UTC)
DETAIL = "https://ec.europa.eu/safety-gate-alerts/screen/webReport/alertDetail/"


def alert(number: int, **fields: str) -> dict[str, str]:
    return {"reference": f"{DETAIL}{number}", "caseNumber": f"SR/{number:05d}/26"} | fields


def file_of(folder: Path, content: bytes, name: str = "week.xml") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def run(*files: Path, feed: str = "safety_gate", **options: object) -> list[str]:
    """The lines that the command prints."""
    out = io.StringIO()
    call_command("import_alerts", *map(str, files), feed=feed, stdout=out, **options)
    return out.getvalue().splitlines()


def feed_of(*rows: AlertRecord | Rejection) -> Feed[AlertRecord]:
    """A feed that gives these records, whatever the file holds."""

    def read(stream: BinaryIO) -> Iterator[AlertRecord | Rejection]:
        yield from rows

    return dataclasses.replace(ALERT_FEEDS["safety_gate"], read=read)


def imported(*rows: AlertRecord | Rejection) -> Counts:
    return import_file(AlertIntake(feed_of(*rows)), io.BytesIO(b"x"), by=SYSTEM, at=AT).counts


def record(number: int, **changes: object) -> AlertRecord:
    return dataclasses.replace(read_alert(**alert(number)), row=number, **changes)


def test_the_samples_are_imported_whole_and_nothing_is_written_the_second_time():
    files = sorted((SAMPLES / "safety_gate").glob("*.xml*"))
    assert run(*files)[-1] == "495 rows read, 495 new, 0 updated, 0 unchanged, 0 rejected"
    assert Alert.objects.published().count() == Product.objects.count() == 495
    assert len(set(Alert.objects.values_list("reference", flat=True))) == 495
    changed = Alert.objects.values_list("version", "changed_at").distinct().count()
    entries = AuditEntry.objects.filter(verb__startswith="alert.").count()
    assert run(*files)[-1] == "495 rows read, 0 new, 0 updated, 495 unchanged, 0 rejected"
    assert AuditEntry.objects.filter(verb__startswith="alert.").count() == entries == 495
    assert Alert.objects.values_list("version", "changed_at").distinct().count() == changed


def test_the_samples_of_recalls_are_imported_whole():
    lines = run(SAMPLES / "cpsc.json", feed="cpsc")
    assert lines[-1] == "200 rows read, 200 new, 0 updated, 0 unchanged, 0 rejected"
    assert Alert.objects.filter(source="cpsc", country="US").count() == 200


@pytest.mark.parametrize(
    ("feed", "sample", "country", "read", "rejected"),
    [
        ("health_canada", "health_canada.json", "CA", 43, 3),
        ("oecd", "oecd.jsonl", "JP", 36, 0),
        ("oecd", "oecd_rss.xml", "CA", 48, 0),
        ("safety_korea", "safety_korea.jsonl", "KR", 6, 0),
    ],
)
def test_each_sample_is_imported_and_unchanged_the_second_time(
    feed, sample, country, read, rejected
):
    kept = read - rejected
    first = run(SAMPLES / sample, feed=feed)
    assert first[-1] == f"{read} rows read, {kept} new, 0 updated, 0 unchanged, {rejected} rejected"
    assert len(first) == rejected + 1
    assert Alert.objects.filter(source=feed, country=country).exists()
    again = run(SAMPLES / sample, feed=feed)
    assert again[-1] == f"{read} rows read, 0 new, 0 updated, {kept} unchanged, {rejected} rejected"


def test_an_alert_becomes_a_product_with_all_that_finds_it_again(tmp_path):
    content = alert_file(
        alert(
            10100001,
            brand="Cubo",
            type_numberOfModel="CB-7",
            barcode="4006381333931, 4006381333932",
            danger="Small parts come loose.",
            countryOfOrigin="People's Republic of China",
            measures="Type of economic operator taking notified measure(s): Importer"
            "Category of measure(s): Recall of the productDate of entry into force: 09/05/2026",
        ),
        pictures=("https://pictures.example/1.jpg",),
    )
    run(file_of(tmp_path, content))
    (kept,) = Alert.objects.select_related("product")
    product = kept.product
    assert (product.name, product.brand, product.origin) == ("Soft toy", "Cubo", "CN")
    assert product.hazards == ["choking"]
    assert product.search_text == "soft toy cubo cb-7 04006381333931"
    assert set(product.identifiers.values_list("kind", "value", "raw")) == {
        ("gtin", "04006381333931", "4006381333931"),
        ("raw_code", "4006381333932", "4006381333932"),
        ("model", "cb-7", "CB-7"),
    }
    assert [picture.url for picture in product.pictures.all()] == ["https://pictures.example/1.jpg"]
    assert (kept.source, kept.native_id, kept.number) == (
        "safety_gate",
        "10100001",
        "SR/10100001/26",
    )
    assert (kept.state, kept.published_on.isoformat()) == ("published", "2026-08-14")
    assert (kept.level, kept.country, kept.audience) == ("serious", "SE", "consumer")
    assert kept.measures == "Recall of the product (Importer, voluntary, 2026-05-09)"
    assert "small parts come loose" in kept.search_text
    assert kept.raw["danger"] == "Small parts come loose."
    assert Product.objects.matching("cubo 04006381333931").get() == product


def test_its_history_says_when_it_came_and_from_where(tmp_path):
    run(file_of(tmp_path, alert_file(alert(10100001))))
    kept = Alert.objects.select_related("product").get()
    (entry,) = AuditEntry.objects.about(kept.reference)
    assert (entry.verb, entry.subject, entry.actor) == ("alert.receive", kept.reference, "system")
    assert entry.facts["source"] == "EU Safety Gate alerts"
    assert list(AuditEntry.objects.about(kept.product.reference)) == [entry]


def test_the_job_says_which_file_it_was(tmp_path):
    path = file_of(tmp_path, alert_file(alert(10100001)))
    run(path)
    job = Job.objects.get()
    assert (job.kind, job.label, job.state) == ("feed.import", "week.xml", "done")
    assert job.done == job.total == path.stat().st_size
    entry = AuditEntry.objects.get(verb="feed.import")
    assert entry.facts["file"] == "week.xml"
    assert re.fullmatch("[0-9a-f]{64}", entry.facts["sha256"])
    assert entry.facts["new"] == 1


def test_a_dry_run_counts_and_writes_nothing(tmp_path):
    path = file_of(tmp_path, alert_file(alert(1), alert(2), alert(2, danger="Worse."), alert(3)))
    before = AuditEntry.objects.count()
    promised = run(path, dry_run=True)[-1]
    assert promised == "4 rows read, 3 new, 1 updated, 0 unchanged, 0 rejected"
    for model in (Alert, Product, ProductIdentifier, Picture, Job, JobProblem):
        assert not model.objects.exists()
    assert AuditEntry.objects.count() == before
    assert run(path)[-1] == promised


def test_a_dry_run_remembers_what_earlier_batches_would_have_written(monkeypatch):
    monkeypatch.setattr(feed_imports, "BATCH", 1)
    intake = AlertIntake(feed_of(record(1), record(1), record(1, title="Other")))
    outcome = rehearse_file(intake, io.BytesIO(), by=SYSTEM)
    assert outcome.counts == Counts(read=3, new=1, updated=1, unchanged=1)


def test_a_changed_record_changes_product_and_alert_and_says_so(tmp_path):
    first = alert_file(
        alert(1, brand="Cubo", type_numberOfModel="CB-7", barcode="4006381333931"),
        pictures=("https://pictures.example/1.jpg", "https://pictures.example/2.jpg"),
    )
    second = alert_file(
        alert(1, brand="Cubo", type_numberOfModel="CB-8", danger="It burns.", riskType="Burns"),
        pictures=("https://pictures.example/2.jpg", "https://pictures.example/3.jpg"),
    )
    run(file_of(tmp_path, first))
    before = Alert.objects.select_related("product").get()
    shown = Picture.objects.get(url__endswith="2.jpg").pk
    lines = run(file_of(tmp_path, second))
    assert lines[-1] == "1 rows read, 0 new, 1 updated, 0 unchanged, 0 rejected"
    kept = Alert.objects.select_related("product").get()
    assert (kept.pk, kept.reference, kept.version) == (before.pk, before.reference, 2)
    assert kept.hazard == "It burns."
    assert (kept.product.hazards, kept.product.version) == (["burns"], 2)
    assert list(kept.product.identifiers.values_list("kind", "raw")) == [("model", "CB-8")]
    assert set(kept.product.pictures.values_list("url", flat=True)) == {
        "https://pictures.example/2.jpg",
        "https://pictures.example/3.jpg",
    }
    assert Picture.objects.get(url__endswith="2.jpg").pk == shown
    revised = AuditEntry.objects.get(verb="alert.revise")
    assert revised.subject == kept.reference
    assert revised.changes["hazard"] == ["", "It burns."]
    assert AuditEntry.objects.get(verb="product.revise").subject == kept.product.reference
    assert run(file_of(tmp_path, second))[-1].endswith("0 updated, 1 unchanged, 0 rejected")


def test_an_alert_that_we_withdrew_stays_withdrawn(tmp_path):
    run(file_of(tmp_path, alert_file(alert(1))))
    products.withdraw(Alert.objects.get(), by=SYSTEM, reason="It was about another product.")
    run(file_of(tmp_path, alert_file(alert(1, danger="It burns."))))
    kept = Alert.objects.get()
    assert (kept.state, kept.hazard) == (Alert.State.WITHDRAWN, "It burns.")


def test_of_one_number_twice_the_last_row_is_kept_and_both_are_told(tmp_path):
    path = file_of(tmp_path, alert_file(alert(1, danger="A."), alert(1, danger="B."), alert(2)))
    assert run(path)[-1] == "3 rows read, 2 new, 1 updated, 0 unchanged, 0 rejected"
    assert Alert.objects.get(native_id="1").hazard == "B."
    told = JobProblem.objects.get(row=2)
    assert (told.kind, told.native_id) == ("mended", "1")
    assert "Row 1 has the same number" in told.reason
    assert run(path)[-1] == "3 rows read, 0 new, 0 updated, 3 unchanged, 0 rejected"


def test_one_number_twice_with_the_same_content_is_unchanged(tmp_path):
    path = file_of(tmp_path, alert_file(alert(1), alert(1)))
    assert run(path)[-1] == "2 rows read, 1 new, 0 updated, 1 unchanged, 0 rejected"


def test_since_leaves_older_records_out_and_says_how_many(tmp_path):
    old = file_of(tmp_path, alert_file(alert(1), report_date="13/08/2026"), "old.xml")
    new = file_of(tmp_path, alert_file(alert(2), report_date="14/08/2026"), "new.xml")
    out = io.StringIO()
    call_command(
        "import_alerts", "--feed=safety_gate", "--since=2026-08-14", str(old), str(new), stdout=out
    )
    assert out.getvalue().splitlines() == [
        "1 row older than 2026-08-14 left out",
        "2 rows read, 1 new, 0 updated, 0 unchanged, 0 rejected",
    ]
    assert Alert.objects.get().native_id == "2"


def test_since_must_be_a_day(tmp_path):
    with pytest.raises(CommandError, match=r"“yesterday” is not a day like 2026-12-31"):
        call_command("import_alerts", "--feed=cpsc", "--since=yesterday", "x.json")


def test_every_rejected_row_is_listed_with_its_reason_and_remedy(tmp_path):
    path = file_of(tmp_path, alert_file(alert(1), {"reference": "nowhere"}))
    lines = run(path)
    assert lines == [
        "week.xml, row 2 (SR/02810/26) reference: “reference” gives no number by which the record "
        "could be found again: “nowhere”. Fill in “reference” as the source publishes it.",
        "2 rows read, 1 new, 0 updated, 0 unchanged, 1 rejected",
    ]
    kept = JobProblem.objects.get(kind="rejected")
    assert (kept.row, kept.field) == (2, "reference")


def test_what_was_mended_stands_with_the_job_and_is_listed_on_request(tmp_path):
    path = file_of(tmp_path, alert_file(alert(1, barcode="4006381333932")))
    assert len(run(path)) == 1
    mended = JobProblem.objects.get()
    assert (mended.kind, mended.field) == ("mended", "barcode")
    path = file_of(tmp_path, alert_file(alert(2, barcode="4006381333932")))
    assert "“4006381333932” is not a complete barcode number" in run(path, verbosity=2)[0]


def test_a_value_that_is_too_long_is_cut_and_told():
    imported(record(1, brand="Cubo " * 60))
    assert len(Product.objects.get().brand) <= 200
    assert [(one.kind, one.field) for one in JobProblem.objects.all()] == [("mended", "brand")]


def test_a_row_that_the_database_refuses_does_not_take_its_batch_with_it():
    rows = [record(number) for number in range(1, 21)]
    rows[12] = record(13, country_of_origin="XYZ", title="Eve's doll")
    assert imported(*rows) == Counts(read=20, new=19, rejected=1)
    assert set(Alert.objects.values_list("native_id", flat=True)) == {
        str(number) for number in range(1, 21) if number != 13
    }
    assert Product.objects.count() == AuditEntry.objects.filter(verb="alert.receive").count() == 19
    refused = JobProblem.objects.get()
    assert (refused.kind, refused.row, refused.native_id) == ("rejected", 13, "13")
    assert "value too long for type character varying(2)" in refused.reason
    assert "Eve" not in refused.reason


def test_a_batch_is_five_hundred_rows():
    imported(*(record(number) for number in range(1, 502)))
    operations = AuditEntry.objects.filter(verb="alert.receive").values("operation").distinct()
    assert operations.count() == 2


def test_an_import_that_is_cancelled_keeps_whole_batches(monkeypatch, cast):
    monkeypatch.setattr(feed_imports, "BATCH", 2)
    monkeypatch.setattr(running, "SECONDS_BETWEEN_LOOKS", 0.0)
    intake = AlertIntake(feed_of(*(record(number) for number in range(1, 7))))

    def ask_to_stop(problems: object, position: int) -> None:
        cancel(Job.objects.get(), by=Actor.of(cast.bo))

    outcome = import_file(intake, io.BytesIO(b"x"), by=SYSTEM, watch=ask_to_stop)
    assert (outcome.state, outcome.counts) == (Job.State.CANCELLED, Counts(read=2, new=2))
    assert Alert.objects.count() == 2


def test_a_broken_file_keeps_what_came_before_and_the_others_go_on(tmp_path):
    whole = alert_file(alert(1), alert(2))
    broken = file_of(tmp_path, whole[:-40], "broken.xml")
    page = file_of(tmp_path, b"<html><body>Try later</body></html>", "page.xml")
    good = file_of(tmp_path, alert_file(alert(3)), "good.xml")
    out, errors = io.StringIO(), io.StringIO()
    missing = tmp_path / "missing.xml"
    with pytest.raises(CommandError, match="3 of 4 files could not be read to their end"):
        call_command(
            "import_alerts",
            *map(str, (broken, page, missing, good)),
            feed="safety_gate",
            stdout=out,
            stderr=errors,
        )
    assert out.getvalue().splitlines()[-1] == (
        "2 rows read, 2 new, 0 updated, 0 unchanged, 0 rejected"
    )
    assert set(Alert.objects.values_list("native_id", flat=True)) == {"1", "3"}
    told = errors.getvalue().splitlines()
    assert [line.partition(":")[0].partition(",")[0] for line in told] == [
        "broken.xml",
        "page.xml",
        "missing.xml",
    ]
    assert "This is a web page" in told[1]
    assert list(Job.objects.order_by("id").values_list("state", flat=True)) == [
        "failed",
        "failed",
        "done",
    ]
    assert Job.objects.first().lines.get().text == told[0]


def test_an_error_of_the_service_is_no_import(tmp_path):
    content = recall_file({"RecallID": 0, "Title": "Error retrieving Recalls: timeout"})
    with pytest.raises(CommandError, match="1 of 1 file could not"):
        run(file_of(tmp_path, content, "cpsc.json"), feed="cpsc")
    assert not Alert.objects.exists()


def test_an_inspector_may_not_import(cast):
    for carry_out in (import_file, rehearse_file):
        with pytest.raises(Forbidden):
            carry_out(AlertIntake(feed_of(record(1))), io.BytesIO(b"x"), by=Actor.of(cast.ana))
    assert not Job.objects.exists()


def test_an_administrator_may_though_it_sees_no_cases(cast):
    intake = AlertIntake(feed_of(record(1)))
    import_file(intake, io.BytesIO(b"x"), by=Actor.of(cast.ada))
    assert Job.objects.get().started_by == cast.ada
    assert AuditEntry.objects.get(verb="feed.import").actor == f"administrator:{cast.ada.pk}"
