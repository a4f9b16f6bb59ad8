"""product.record: an unsafe product is taken into the register."""

from sellers.flows import products
from sellers.models import Product
from tests.contract import CreationContract

FACTS = products.ProductFacts(
    name="Magnetic cubes",
    brand="Cubo",
    models=["MC-216", "mc-216", " "],
    gtins=["04006381333931"],
    raw_codes=["12-34"],
)


class TestRecordProduct(CreationContract):
    transition = products.RECORD
    model = Product

    def perform(self, ground, by):
        return products.record(FACTS, by=by)


def test_keeps_each_identifier_once(story):
    product = products.record(FACTS, by=story.ana)
    held = set(product.identifiers.values_list("kind", "value"))
    assert held == {("gtin", "04006381333931"), ("raw_code", "12-34"), ("model", "mc-216")}


def test_is_found_by_its_words_and_codes(story):
    product = products.record(FACTS, by=story.ana)
    for words in ("cubo", "MC-216", "magnetic CUBO", "04006381333931"):
        assert Product.objects.matching(words).get() == product
