"""Words of two wide characters are found by pairs, and the planner knows how many hold one."""

import json

import pytest
from django.db import connection
from django.db.models import Q

from sellers.models import Product
from surveillance.searching import holds
from tests.cast import MONDAY
from tests.database import as_owner

NAMES = ["行動充電器", "充 電", "電充", "行動電源", "charger"]


def products(*names: str) -> None:
    Product.objects.bulk_create(
        Product(
            reference=f"P-{number}",
            name=name,
            search_text=name,
            created_at=MONDAY,
            changed_at=MONDAY,
        )
        for number, name in enumerate(names)
    )


def named(condition: Q) -> list[str]:
    return list(Product.objects.filter(condition).order_by("id").values_list("name", flat=True))


def test_a_pair_is_found_where_it_stands_as_one(db):
    products(*NAMES)
    assert named(holds("search_text", "充電")) == ["行動充電器"]
    assert named(holds("name", "充電", or_in="brand", lookup="icontains")) == ["行動充電器"]
    assert named(holds("search_text", "ge")) == ["charger"]


@pytest.mark.django_db(transaction=True)
def test_the_planner_knows_how_many_hold_a_pair():
    """And reads the newest first where it is many, in place of gathering and sorting all."""
    products(*[f"充電器 {number}" for number in range(300)], *[f"電源 {n}" for n in range(300)])
    with as_owner(connection.settings_dict["NAME"]) as owner:
        owner.execute("ANALYZE sellers_product")
    [plan] = json.loads(Product.objects.filter(holds("search_text", "充電")).explain(format="json"))
    assert 250 <= plan["Plan"]["Plan Rows"] <= 350
