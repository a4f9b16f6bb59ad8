"""The public report form: one question a page, kept until it is sent."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Report, ReporterContact
from surveillance.outbox.models import OutboxMessage

ANSWERS = {
    "product": {"product_name": "Plush bear", "brand": "Bruno", "gtins": "4 006381 333931"},
    "place": {"retailer": "Toyworld on Bazaar Nine", "listing_url": "bazaar-nine.example/item/3"},
    "incident": {"incident": "The eye came off.", "happened_on": "2026-09-20"},
    "injury": {"severity": "first_aid"},
    "contact": {
        "source": "consumer",
        "name": "Eve Ng",
        "email": "eve@mail.example",
        "may_contact": "on",
    },
}
CHECK = "/report/check/"


@pytest.fixture
def visitor(db, time) -> Client:
    return Client()


def address(step: str) -> str:
    return reverse("report-step", args=[step])


def answer_until(visitor: Client, last: str = "contact", **changed: dict[str, str]):
    for step, answers in ANSWERS.items():
        response = visitor.post(address(step), changed.get(step, answers))
        if step == last:
            break
    return response


def send(visitor: Client, **facts: object):
    return visitor.post(CHECK, {"website": "", **facts})


def test_each_right_answer_leads_to_the_next_question(visitor):
    for step, following in zip(ANSWERS, [*list(ANSWERS)[1:], None], strict=True):
        response = visitor.post(address(step), ANSWERS[step])
        assert response.status_code == 302
        assert response.url == (address(following) if following else CHECK)


def test_the_question_is_the_heading_and_the_page_needs_no_script(visitor):
    page = visitor.get(address("product")).content.decode()
    assert page.count("<h1>") == 1
    assert "What is the product?" in page
    assert "htmx" not in page.partition("<body")[2]


def test_a_report_arrives_as_it_was_answered(visitor):
    answer_until(visitor)
    response = send(visitor)
    assert response.status_code == 302
    report = Report.objects.get()
    assert report.product_name == "Plush bear"
    assert report.gtins == ["04006381333931"]
    assert report.listing_url == "https://bazaar-nine.example/item/3"
    assert report.retailer == "Toyworld on Bazaar Nine"
    assert report.happened_on == date(2026, 9, 20)
    assert report.severity == "first_aid"
    assert report.source == "consumer"
    assert report.language == "en"
    assert report.state == "received"


def test_who_reports_stands_apart_and_gets_a_receipt(visitor):
    answer_until(visitor)
    send(visitor)
    contact = ReporterContact.objects.get()
    assert (contact.name, contact.email, contact.may_contact) == (
        "Eve Ng",
        "eve@mail.example",
        True,
    )
    letter = OutboxMessage.objects.get(letter="report_received")
    assert letter.address == "eve@mail.example"


def test_nobody_need_say_who_they_are(visitor):
    answer_until(visitor, contact={"source": "consumer"})
    send(visitor)
    assert ReporterContact.objects.get().email == ""
    assert not OutboxMessage.objects.filter(letter="report_received").exists()


def test_the_receipt_shows_reference_and_code_and_survives_a_reload(visitor):
    answer_until(visitor)
    response = send(visitor)
    report = Report.objects.get()
    for _ in range(2):
        page = visitor.get(response.url).content.decode()
        assert report.reference in page
        assert "What happens next" in page
    code = response.cookies["report_receipt"].value.split(":")[1]
    assert code in page


def test_the_code_is_kept_by_nobody_but_the_reporter(visitor):
    answer_until(visitor)
    response = send(visitor)
    code = response.cookies["report_receipt"].value.split(":")[1]
    assert code not in str(dict(visitor.session.items()))
    assert ReporterContact.objects.get().code_digest not in ("", code)
    assert response.cookies["report_receipt"]["httponly"]


def test_without_a_receipt_there_is_nothing_to_show(visitor):
    assert visitor.get(reverse("report-sent")).url == reverse("report-start")


def test_a_forged_receipt_is_not_shown(visitor):
    visitor.cookies["report_receipt"] = "R-2026-000001:ABCDEF12:forged"
    assert visitor.get(reverse("report-sent")).url == reverse("report-start")


def test_a_sent_report_is_not_sent_twice(visitor):
    answer_until(visitor)
    send(visitor)
    assert send(visitor).url == address("product")
    assert Report.objects.count() == 1


def test_a_later_question_waits_for_the_earlier_ones(visitor):
    assert visitor.get(address("contact")).url == address("product")
    answer_until(visitor, "place")
    assert visitor.get(address("contact")).url == address("incident")
    assert visitor.get(CHECK).url == address("incident")
    assert send(visitor).url == address("incident")


def test_a_question_that_does_not_exist_is_not_found(visitor):
    assert visitor.get("/report/nonsense/").status_code == 404


def test_answers_are_kept_and_shown_again(visitor):
    answer_until(visitor, "place")
    start = visitor.get(reverse("report-start")).content.decode()
    assert address("incident") in start
    assert 'value="Plush bear"' in visitor.get(address("product")).content.decode()


def test_beginning_anew_forgets_the_answers(visitor):
    answer_until(visitor, "place")
    visitor.post(reverse("report-start"))
    assert "Plush bear" not in visitor.get(address("product")).content.decode()


def test_changing_one_answer_leads_back_to_the_check(visitor):
    answer_until(visitor)
    changed = visitor.post(address("product"), {"product_name": "Plush dog"})
    assert changed.url == CHECK
    page = visitor.get(CHECK).content.decode()
    assert "Plush dog" in page
    assert "Plush bear" not in page


def test_the_check_shows_answers_in_words(visitor):
    answer_until(visitor)
    page = visitor.get(CHECK).content.decode()
    for words in ("4 006381 333931", "Yes, with first aid", "20 Sep 2026", "eve@mail.example"):
        assert words in page


@pytest.mark.parametrize(
    ("step", "answers", "sentence"),
    [
        ("product", {"product_name": ""}, "This field is required."),
        (
            "product",
            {"product_name": "Bear", "gtins": "4006381333930"},
            "The last digit of “4006381333930” does not fit the others.",
        ),
        ("product", {"product_name": "Bear", "gtins": "none"}, "holds no barcode number"),
        ("place", {}, "Name the shop or the seller, or give the address above."),
        ("place", {"listing_url": "not an address"}, "This is no web address."),
        ("place", {"listing_url": "javascript:alert(1)"}, "This is no web address."),
        ("incident", {"incident": " "}, "Tell us what happened, in a sentence or two."),
        ("incident", {"incident": "x", "happened_on": "2026-09-29"}, "This day is still to come."),
        ("incident", {"incident": "x", "happened_on": "1926-09-20"}, "This is too long ago."),
        ("incident", {"incident": "x", "happened_on": "soon"}, "This is no date."),
        ("injury", {}, "Choose one; the last one if you do not know."),
        ("injury", {"severity": "dreadful"}, "Select a valid choice."),
        ("contact", {"source": "consumer", "email": "eve@"}, "This is no e-mail address."),
        (
            "contact",
            {"source": "consumer", "may_contact": "on"},
            "Give an e-mail address or a telephone number, or untick the box.",
        ),
    ],
)
def test_a_wrong_answer_is_told_what_to_mend(visitor, step, answers, sentence):
    steps = list(ANSWERS)
    if before := steps[: steps.index(step)]:
        answer_until(visitor, before[-1])
    response = visitor.post(address(step), answers)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "Please mend this first" in page
    assert page.partition("<title>")[2].startswith("Error:")
    assert visitor.get(CHECK).url == address(step)


@pytest.mark.parametrize(
    "typed",
    ["4006381333931", "４００６３８１３３３９３１", "4 006381 333931", "EAN 4006381333931"],
)
def test_a_barcode_is_read_as_people_write_it(visitor, typed):
    answer_until(visitor, product={"product_name": "Bear", "gtins": typed})
    send(visitor)
    assert Report.objects.get().gtins == ["04006381333931"]


def test_words_in_another_script_arrive_unchanged(visitor):
    answer_until(visitor, product={"product_name": "磁力珠 216 顆", "brand": "小星星"})
    send(visitor)
    assert Report.objects.get().product_name == "磁力珠 216 顆"


def test_the_report_is_in_the_language_it_was_written_in(visitor):
    visitor.cookies["django_language"] = "ja"
    answer_until(visitor)
    send(visitor)
    assert Report.objects.get().language == "ja"


def test_a_program_that_fills_in_everything_is_refused_and_told_why(visitor):
    answer_until(visitor)
    response = send(visitor, website="https://spam.example")
    assert response.status_code == 422
    assert "This field tells people from programs." in response.content.decode()
    assert not Report.objects.exists()


def test_a_platform_agent_reports_like_anybody_else(cast, client_of):
    visitor = client_of(cast.dot)
    answer_until(visitor)
    assert send(visitor).status_code == 302
    assert Report.objects.count() == 1


def test_answers_of_one_browser_are_not_seen_in_another(visitor):
    answer_until(visitor)
    assert Client().get(CHECK).url == address("product")


def test_no_page_of_the_form_is_kept_in_a_cache(visitor):
    for page in (reverse("report-start"), address("product"), reverse("track")):
        assert "no-store" in visitor.get(page)["Cache-Control"]
