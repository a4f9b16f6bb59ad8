"""Ten thousand answers in one file, against the loop that does nothing but write the same rows."""

import resource
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from cases.bench import scene, timing
from cases.bench.table import Measured
from cases.flows import answer_files
from cases.flows.answer_sheets import COLUMNS
from cases.models import AnswerFile, Item, TakedownRequest
from sellers.models import Platform
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Role
from surveillance.spreadsheets.writing import csv_lines

ROWS = 10_000
REQUESTS = 10
_ENTRY = (
    "INSERT INTO audit_auditentry (at, verb, subject, context, operation, actor, reason, changes,"
    " facts) VALUES (now(), 'bench', 'bench', '{bench}', gen_random_uuid(), 'system', '', '{}',"
    " '{}')"
)


def answers(user: User) -> list[Measured]:
    """Uploaded and checked, then answered. The floor updates as many items and writes as many
    audit entries, one by one in one transaction; it checks nothing and keeps nothing."""
    platform = Platform.objects.exclude(notice_regime="").earliest("pk")
    agent = Actor.of(User.objects.members_of(platform.pk).with_role(Role.AGENT).earliest("pk"))
    each = ROWS // REQUESTS
    requests = [
        scene.issued_notice(platform, each, Actor.of(user), clock.now()) for _ in range(REQUESTS)
    ]
    upload = partial(answer_files.upload, by=agent, file=_file(requests))
    files: list[AnswerFile] = []
    before = _peak()
    checking = timing.once(lambda: files.append(upload()))
    (file,) = files
    answer_files.hand_in(file, by=agent)
    answering = timing.once(answer_files.answer_next)
    grown = _peak() - before
    file.refresh_from_db()
    if file.answered != ROWS:
        raise RuntimeError(f"Only {file.answered} of {ROWS} rows were answered.")
    bare = timing.once(partial(_bare, [request.pk for request in requests]))
    return [
        Measured(
            f"answers by file, {ROWS:,} rows",
            "< 60 s",
            note=f"checked {checking:.1f} s + answered {answering:.1f} s, "
            f"{(checking + answering) / bare:.1f} × the bare loop, {grown:.0f} MB more memory",
            floor=timing.Timing([bare * 1000]),
        )
    ]


def _peak() -> float:
    """Megabytes that this process has held at most so far (Linux counts in kB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _file(requests: list[TakedownRequest]) -> SimpleUploadedFile:
    names = [column.name for column in COLUMNS]
    rows = (
        (item.takedown.reference, item.number, item.listing.url, item.listing.title, "", "removed")
        + ("", "Taken down.", "")
        for item in Item.objects.filter(takedown__in=requests).select_related("takedown", "listing")
    )
    return SimpleUploadedFile("bench.csv", "".join(csv_lines(names, rows)).encode())


def _bare(requests: list[int]) -> None:
    items = list(Item.objects.filter(takedown__in=requests).values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        for key in items:
            cursor.execute(
                "UPDATE cases_item SET answered_at = now(), version = version + 1 WHERE id = %s",
                [key],
            )
            cursor.execute(_ENTRY)
