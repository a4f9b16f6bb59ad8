"""case.unlink_product: the case is not about this product after all."""

from cases.flows import cases
from tests.contract import VerbContract


class TestUnlinkProduct(VerbContract):
    transition = cases.UNLINK_PRODUCT
    begin = "case"
    changes = {"search_text"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        product = type(row).products.rel.model.objects.get()
        return cases.unlink_product(row, by=by, product=product)


def test_is_no_longer_found_by_it(story):
    case = story.case()
    case = cases.unlink_product(case, by=story.ana, product=case.products.get())
    assert not case.products.exists()
    assert "mc-216" not in case.search_text
