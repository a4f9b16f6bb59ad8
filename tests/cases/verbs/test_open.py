"""case.open: work on an unsafe product begins."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import cases
from cases.models import Case
from tests.contract import CreationContract


class TestOpen(CreationContract):
    transition = cases.OPEN
    model = Case

    def perform(self, ground, by):
        return cases.open("Cubo magnetic cubes", by=by)


def test_belongs_to_who_opened_it(story, cast):
    case = cases.open("Cubo magnetic cubes", by=story.ana)
    assert (case.assignee_id, case.office_id) == (cast.ana.pk, cast.ana.office_id)
    assert case.reference.startswith("C-2026-")


def test_is_found_by_its_products(story):
    product = story.product()
    case = cases.open("Magnets", by=story.ana, products=[product])
    assert list(case.products.all()) == [product]
    assert "mc-216" in case.search_text


def test_needs_a_title(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        cases.open(" ", by=story.ana)
