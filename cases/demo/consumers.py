"""Reports that arrive while the clock plays: the day's rows of a real feed, and consumers who
write of a product that an alert has warned of."""

import csv
import re
from datetime import datetime
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

from cases.demo.dice import Dice
from cases.demo.registers import INCIDENTS, import_reports
from cases.flows import reports
from cases.flows.reports import Reporter, ReportFacts
from cases.models import Report
from cases.states import ReportState
from sellers.models import Alert
from surveillance.accounts.actor import PUBLIC, SYSTEM

ZONE = ZoneInfo("Europe/Brussels")
FEED_HOUR = 8
FEED_ROWS = 4  # a day
WRITING_HOURS = {11: 0.6, 15: 0.4, 20: 0.7}  # how likely somebody writes then
INCIDENTS_TOLD = (
    ("It came apart in my daughter's hands on the second day.", Report.Severity.NONE),
    ("My son was hurt by it; we saw our doctor the same evening.", Report.Severity.FIRST_AID),
    ("It became so hot that I burnt my fingers.", Report.Severity.MINOR),
    ("I read your warning and found the same thing still on sale.", Report.Severity.NONE),
    ("A small part broke off and our child had it in the mouth.", Report.Severity.EMERGENCY),
)
SHOPS = ("Harbour Market", "Bazaar Nine", "Formosa Mall", "a market stall", "")


def write(at: datetime, dice: Dice) -> None:
    """What reaches the authority at this hour."""
    hour = at.astimezone(ZONE).hour
    if hour == FEED_HOUR:
        _feed_of_the_day()
    share = WRITING_HOURS.get(hour, 0.0)
    if dice.happens(share, "consumer writes", at):
        _report(at, dice)
    _answer_questions(at, dice)


def _feed_of_the_day() -> None:
    """The next rows of the sample that have not been received yet, as a file of their own."""
    known = set(Report.objects.visible_to(SYSTEM).exclude(native_id="").values_list("native_id"))
    with INCIDENTS.open(encoding="utf-8", newline="") as file:
        preface, blank, *rows = csv.reader(file)
    head, *records = rows
    new = [record for record in records if (record[0],) not in known][:FEED_ROWS]
    if not new:
        return
    text = StringIO()
    text.write(f"{','.join(preface)}\n{','.join(blank)}\n")
    csv.writer(text, lineterminator="\n").writerows([head, *new])
    import_reports(BytesIO(text.getvalue().encode()))


def _report(at: datetime, dice: Dice) -> None:
    chance = dice.about("consumer", at)
    alerts = Alert.objects.published().exclude(product__brand="").select_related("product")
    alert = alerts.order_by("id")[chance.randrange(alerts.count())]
    incident, severity = chance.choice(INCIDENTS_TOLD)
    name = chance.choice(("Noor Haddad", "Jonas Berg", "Lucía Prado", "Emma Visser", "王小明"))
    facts = ReportFacts(
        product_name=alert.product.name[:500],
        brand=alert.product.brand[:200],
        incident=incident,
        severity=severity,
        retailer=chance.choice(SHOPS),
        happened_on=at.date(),
    )
    initial = re.sub(r"[^a-z]", "", name.split()[0].lower()) or "reporter"
    reporter = Reporter(
        name=name, email=f"{initial}@consumers.example", may_contact=chance.random() < 0.8
    )
    reports.submit(facts, reporter, by=PUBLIC)


def _answer_questions(at: datetime, dice: Dice) -> None:
    """Somebody who was asked writes back, most within two days; some never do."""
    asked = Report.objects.visible_to(SYSTEM).filter(state=ReportState.NEEDS_INFORMATION)
    for report in asked.order_by("id"):
        if dice.happens(0.03, "answers the question", report.reference, at):
            # As the page of the report does, for whoever holds its code.
            answer = "The label says batch 0423, bought in September."
            reports.supply_information(report, by=SYSTEM, answer=answer)
