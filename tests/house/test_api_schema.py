"""docs/api/: the description of the API is the one that the code makes, and takes nothing away
from those who use the released one.

`openapi.json` is written by ./run manage.py spectacular --format openapi-json --file
docs/api/openapi.json; `released.json` is a copy of it, made with each release; what may break
until the next one stands in `allowed_changes.txt`, a sentence a line, as this test says it.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from tests.house.api_changes import breaking_changes

FOLDER = Path(__file__).resolve().parents[2] / "docs/api"
CURRENT = json.loads((FOLDER / "openapi.json").read_text())
ANSWERS = "/api/v1/takedowns/{reference}/answers/"
ITEMS = "/api/v1/items/"


def test_the_description_is_up_to_date():
    made = OpenApiJsonRenderer().render(SchemaGenerator().get_schema(public=True))
    written = (FOLDER / "openapi.json").read_text().strip()
    assert made.decode().strip() == written, (
        "run ./run manage.py spectacular --format openapi-json --file docs/api/openapi.json"
    )


def test_nothing_breaks_but_what_is_allowed_to():
    released = json.loads((FOLDER / "released.json").read_text())
    allowed = (FOLDER / "allowed_changes.txt").read_text().splitlines()
    found = breaking_changes(released, CURRENT)
    assert sorted(found) == sorted(line for line in allowed if line and not line.startswith("#"))


def operation(document: dict[str, Any], path: str = ANSWERS, method: str = "post") -> Any:
    return document["paths"][path][method]


def component(document: dict[str, Any], name: str) -> Any:
    return document["components"]["schemas"][name]


BREAKING: dict[str, Callable[[dict[str, Any]], object]] = {
    f"POST {ANSWERS} is gone": lambda d: d["paths"].pop(ANSWERS),
    f"POST {ANSWERS} is called reply, it was answer_takedown": lambda d: operation(d).update(
        operationId="reply"
    ),
    f"POST {ANSWERS} no longer answers 207": lambda d: operation(d)["responses"].pop("207"),
    f"GET {ITEMS} no longer takes the parameter state (query)": lambda d: operation(
        d, ITEMS, "get"
    )["parameters"].remove(
        next(one for one in operation(d, ITEMS, "get")["parameters"] if one["name"] == "state")
    ),
    f"POST {ANSWERS} now asks for the parameter If-Match (header)": lambda d: next(
        one for one in operation(d)["parameters"] if one["name"] == "If-Match"
    ).update(required=True),
    f"POST {ANSWERS} /answers[] now asks for /text": lambda d: component(d, "Answer")[
        "required"
    ].append("text"),
    f"POST {ANSWERS} /answers[] /text is gone": lambda d: component(d, "Answer")["properties"].pop(
        "text"
    ),
    f"POST {ANSWERS} /answers[] /outcome no longer takes not_found": lambda d: component(
        d, "AnswerOutcomeEnum"
    )["enum"].remove("not_found"),
    f"POST {ANSWERS} /answers has a lower maxItems": lambda d: component(d, "AnswerRows")[
        "properties"
    ]["answers"].update(maxItems=10),
    f"POST {ANSWERS} 207 /results[] /row may now be string": lambda d: component(d, "AnswerResult")[
        "properties"
    ]["row"].update(type=["integer", "string"]),
    f"POST {ANSWERS} 207 /results[] /row may now be missing": lambda d: component(
        d, "AnswerResult"
    )["required"].remove("row"),
    f"POST {ANSWERS} 207 /results[] /row is gone": lambda d: component(d, "AnswerResult")[
        "properties"
    ].pop("row"),
    f"GET {ITEMS} 200 /results[] /state may now say burned": lambda d: component(d, "ItemState")[
        "enum"
    ].append("burned"),
}
HARMLESS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a new operation": lambda d: d["paths"].update({"/api/v1/new/": d["paths"][ITEMS]}),
    "a new field in an answer": lambda d: component(d, "Item")["properties"].update(
        colour={"type": "string"}
    ),
    "a new optional field of a body": lambda d: component(d, "Answer")["properties"].update(
        colour={"type": "string"}
    ),
    "a further answer that is taken": lambda d: component(d, "AnswerOutcomeEnum")["enum"].append(
        "sold_out"
    ),
    "a higher limit": lambda d: component(d, "AnswerRows")["properties"]["answers"].update(
        maxItems=5000
    ),
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = deepcopy(CURRENT)
    change(document)
    return document


@pytest.mark.parametrize(("sentence", "change"), BREAKING.items(), ids=BREAKING)
def test_what_breaks_is_found(sentence, change):
    assert sentence in breaking_changes(CURRENT, changed(change))


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_does_not_break_is_not(change):
    assert breaking_changes(CURRENT, changed(change)) == []
