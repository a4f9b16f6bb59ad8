"""Screening at full size: ./check tests/bench/test_screening.py -m long -n0 -s --data FOLDER.

Times are printed, not asserted; what does not depend on the machine is.
"""

import os
import resource
import time
from collections import Counter
from itertools import islice
from multiprocessing import get_context

import pytest
from django.db.models import Count, Max, Sum
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from cases.bench.timing import Timing, once, repeat
from sellers.api.screening import Check
from sellers.models import Alert, Product, ProductIdentifier
from sellers.published_register import PublishedRegister
from sellers.screening import Basis, Decision, Register
from sellers.screening.calibration import CURRENT, threshold_without_labels
from sellers.screening.words import Text
from surveillance.accounts.actor import PUBLIC
from surveillance.accounts.rights import Right, Scope
from surveillance.web.api import ActorView
from tests.bench import market

pytestmark = [pytest.mark.long, pytest.mark.urls(__name__)]
LISTINGS = 1_000_000
AUTOMATIC, REVIEWED = 0.5, 12  # of 1,000 real titles, at most


class Bare(ActorView):
    """As many statements as the check, and nothing else."""

    guard = Right.SCREEN

    def post(self, request: Request) -> Response:
        told = Alert.objects.aggregate(count=Count("version"), sum=Sum("version"), last=Max("pk"))
        list(Alert.objects.visible_to(PUBLIC).filter(pk=told["last"]).values_list("reference"))
        return Response({"results": [{"id": item["id"]} for item in request.data["items"]]})


urlpatterns = [
    path("check", Check.as_view(), name="check"),
    path("bare", Bare.as_view(), name="bare"),
]


@pytest.fixture(scope="module")
def data(request):
    folder = request.config.getoption("--data")
    if folder is None:
        pytest.fail("Give the folder of the full data: --data FOLDER (tests/bench/market.py)")
    return folder


@pytest.fixture(scope="module")
def entries(data):
    return market.entries(data)


@pytest.fixture(scope="module")
def offers(data):
    return market.offers(data)


@pytest.fixture(scope="module")
def register(entries):
    before = _megabytes()
    begun = time.perf_counter()
    made = Register.of(entries, CURRENT)
    seconds = time.perf_counter() - begun
    print(f"\n{len(entries):,} alerts: made in {seconds:.1f} s, {_megabytes() - before:.0f} MB")
    return made


def test_real_titles_are_seldom_flagged(register, offers):
    flags: Counter[Decision] = Counter()
    for name, found in offers.items():
        kinds = Counter(
            (matches[0].basis.value, matches[0].decision)
            for matches in register.check(found)
            if matches
        )
        best = register.candidates([Text.of(one.title, one.brand, one.model) for one in found])
        chosen = threshold_without_labels(
            [some[0][1] for some in best.values()],
            [some[1][1] if len(some) > 1 else 0.0 for some in best.values()],
        )
        told = ", ".join(f"{basis} {kind}: {number}" for (basis, kind), number in kinds.items())
        print(f"\n{name}, {len(found):,} titles: {told}; by rule 5 alone {chosen:.3f}", end="")
        for (_basis, kind), number in kinds.items():
            flags[kind] += number
    thousands = sum(map(len, offers.values())) / 1_000
    automatic, reviewed = (flags[kind] / thousands for kind in (Decision.MATCH, Decision.REVIEW))
    print(f"\nof 1,000: {automatic:.2f} automatic, {reviewed:.1f} for review")
    assert automatic <= AUTOMATIC
    assert reviewed <= REVIEWED


def test_every_identifier_of_the_register_is_found(register, entries):
    """Each valid GTIN as an offer of its own."""
    known = [(entry.key, gtin) for entry in entries for gtin in entry.gtins]
    asked = list(dict.fromkeys(gtin for _key, gtin in known))
    found = dict(zip(asked, register.check(market.Offer(code=gtin) for gtin in asked), strict=True))
    hits = sum(
        any(match.key == key and match.basis is Basis.GTIN for match in found[gtin])
        for key, gtin in known
    )
    print(f"\n{hits:,} of {len(known):,} GTINs found")
    assert hits >= 0.98 * len(known)


def test_one_check_in_process(register, offers):
    asked = [one for found in offers.values() for one in found]
    timing = repeat(lambda at: list(register.check([asked[at * 7 % len(asked)]])), 1_000)
    print(f"\none check: p50 {timing.p50:.2f} ms, p95 {timing.p95:.2f} ms")


def test_a_million_listings(register, offers):
    """In one process, and in as many as there are processors, which share the register."""
    known = [one for found in offers.values() for one in found]
    begun, begun_cpu = time.perf_counter(), time.process_time()
    _matched(register, known, LISTINGS // 5)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    rates = [LISTINGS / 5 / spent for spent in (seconds, cpu)]
    print(f"\none process: {rates[0]:,.0f} listings/s, {rates[1]:,.0f} in a second of its own")
    workers = os.cpu_count() or 1
    processes = [
        get_context("fork").Process(target=_matched, args=(register, known, LISTINGS // workers))
        for _ in range(workers)
    ]
    begun = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    seconds = time.perf_counter() - begun
    assert not any(process.exitcode for process in processes)
    print(
        f"{LISTINGS:,} listings in {workers} processes: {seconds:.1f} s,"
        f" {LISTINGS / seconds:,.0f}/s; {_megabytes():.0f} MB and {_megabytes_of_children():.0f} MB"
        " at most, counting twice what they share"
    )


def _matched(register, known, number) -> int:
    return sum(1 for matches in register.check(market.many(known, number)) if matches)


@pytest.mark.django_db
def test_through_the_api(story, entries, offers):
    _write(entries, story)
    begun = time.perf_counter()
    PublishedRegister().current()
    print(f"\nfirst check of a process reads and makes it in {time.perf_counter() - begun:.1f} s")
    client = Client(
        headers={"authorization": f"Bearer {story.issued_key(scopes={Scope.SCREEN}).secret}"}
    )
    asked = [one for found in offers.values() for one in found]
    items = [
        {"id": str(at), "title": one.title[:1000], "brand": one.brand[:200]}
        for at, one in enumerate(asked)
    ]

    def post(name: str, some: list[dict[str, str]]) -> None:
        reply = client.post(f"/{name}", {"items": some}, content_type="application/json")
        assert reply.status_code == 200, reply.content

    ones: dict[str, Timing] = {}
    for name in ("check", "bare"):
        ones[name] = repeat(lambda at, name=name: post(name, [items[at * 7 % len(items)]]), 300)
        print(f"{name}, one item: p50 {ones[name].p50:.1f} ms, p95 {ones[name].p95:.1f} ms")
    whole = {
        name: min(once(lambda n=name: post(n, items[:1000])) for _ in range(3)) for name in ones
    }
    rates = {name: 1000 / seconds for name, seconds in whole.items()}
    print(f"1,000 items: {rates['check']:,.0f}/s, bare {rates['bare']:,.0f}/s")
    story.alert()
    print(f"first check after a change: {once(lambda: post('check', items[:1])) * 1000:.0f} ms")


def _write(entries, story) -> None:
    """Each entry as a product under a published alert."""
    at = story.product().created_at
    for start in range(0, len(entries), 5_000):
        some = list(islice(entries, start, start + 5_000))
        products = Product.objects.bulk_create(
            Product(
                reference=f"B-{one.key}",
                name=one.name[:500],
                brand=one.brand[:200],
                created_at=at,
                changed_at=at,
            )
            for one in some
        )
        Alert.objects.bulk_create(
            Alert(
                reference=f"BA-{one.key}",
                product=product,
                source=Alert.Source.CPSC,
                state=Alert.State.PUBLISHED,
                title=one.name[:500],
                published_on=at.date(),
                changed_at=at,
            )
            for one, product in zip(some, products, strict=True)
        )
        ProductIdentifier.objects.bulk_create(
            (
                ProductIdentifier(product=product, kind=kind, value=value[:200], raw=value[:200])
                for one, product in zip(some, products, strict=True)
                for kind, values in (
                    ("gtin", one.gtins),
                    ("raw_code", one.codes),
                    ("model", one.models),
                )
                for value in values
            ),
            ignore_conflicts=True,
        )


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _megabytes_of_children() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
