"""case.add_evidence: a file is kept with the case."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.flows import evidence
from surveillance.audit.models import AuditEntry
from tests.cast import photo
from tests.contract import VerbContract


class TestAddEvidence(VerbContract):
    transition = evidence.ADD_TO_CASE
    begin = "restricted_case"
    outsiders = ("cai", "dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        return evidence.add_to_case(row, by=by, file=photo(), note="The box.")


def test_what_is_kept_is_what_the_trail_says(story):
    case = story.case()
    kept = evidence.add_to_case(case, by=story.ana, file=photo("box.png"))
    entry = AuditEntry.objects.about(case.reference).first()
    with kept.file.open() as file:
        assert hashlib.sha256(file.read()).hexdigest() == kept.sha256
    assert entry.facts == {"filename": "box.png", "sha256": kept.sha256, "size": kept.size}


def test_a_file_of_another_kind_is_refused(story):
    case = story.case()
    with pytest.raises(ValidationError, match="Send a JPEG"):
        evidence.add_to_case(case, by=story.ana, file=SimpleUploadedFile("a.png", b"MZ\x90"))
    assert not case.evidence.exists()
