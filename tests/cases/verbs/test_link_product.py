"""case.link_product: the case is about this product too."""

import pytest

from cases.flows import cases
from tests.contract import VerbContract


class TestLinkProduct(VerbContract):
    transition = cases.LINK_PRODUCT
    begin = "case"
    changes = {"search_text"}
    outsiders = ("dot", "dev", "eve")

    @pytest.fixture(autouse=True)
    def _product(self, story):
        self.product = story.product(name="Water beads", brand="Perla")

    def perform(self, row, by):
        return cases.link_product(row, by=by, product=self.product)


def test_the_case_is_found_by_it(story):
    product = story.product(name="Water beads", brand="Perla")
    case = cases.link_product(story.case(), by=story.ana, product=product)
    assert "perla" in case.search_text
