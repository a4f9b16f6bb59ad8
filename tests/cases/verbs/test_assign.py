"""case.assign: a supervisor gives the case to somebody."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import cases
from surveillance.audit.models import AuditEntry
from surveillance.outbox.models import OutboxMessage
from tests.contract import VerbContract


class TestAssign(VerbContract):
    transition = cases.ASSIGN
    begin = "case"
    by = "bo"
    changes = {"assignee_id", "office_id"}
    letters = {("case_assigned", "email"): 1, ("case_assigned", "in_app"): 1}
    outsiders = ("dot", "dev", "eve")
    repeatable = True

    @pytest.fixture(autouse=True)
    def _cai(self, cast):
        self.cai = cast.cai

    def perform(self, row, by):
        return cases.assign(row, by=by, assignee=self.cai)


def test_is_told_in_the_language_of_who_gets_it(story, cast):
    type(cast.cai).objects.filter(pk=cast.cai.pk).update(language="zh-hant")
    cast.cai.refresh_from_db()
    cases.assign(story.case(), by=story.bo, assignee=cast.cai)
    letters = OutboxMessage.objects.filter(letter="case_assigned")
    assert {letter.language for letter in letters} == {"zh-hant"}


def test_the_trail_names_nobody(story, cast):
    case = cases.assign(story.case(), by=story.bo, assignee=cast.cai)
    entry = AuditEntry.objects.about(case.reference).first()
    assert entry.facts == {"assignee": f"inspector:{cast.cai.pk}"}


def test_only_to_people_who_work_cases(story, cast):
    with pytest.raises(ValidationError, match="does not work cases"):
        cases.assign(story.case(), by=story.bo, assignee=cast.ada)
    cast.cai.is_active = False
    with pytest.raises(ValidationError, match="does not work cases"):
        cases.assign(story.case(), by=story.bo, assignee=cast.cai)
