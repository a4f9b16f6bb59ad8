"""The example in docs/feeds.md works as it stands there: the module, and its own test."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from sellers.feeds.registry import ALERT_FEEDS

RECIPE = Path(__file__).parents[3] / "docs" / "feeds.md"
MODULE, TEST = re.findall(r"```python\n(.*?)```", RECIPE.read_text(), re.DOTALL)


def loaded(name: str, code: str) -> ModuleType:
    module = ModuleType(name)
    exec(compile(code, name, "exec"), vars(module))  # noqa: S102 - our own documentation
    return module


@pytest.fixture
def example_test(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    feed = loaded("example", MODULE).FEED
    monkeypatch.setitem(ALERT_FEEDS, feed.name, feed)  # type: ignore[arg-type]
    return loaded("test_example", TEST)


def test_the_example_reads_a_recall(example_test: ModuleType) -> None:
    example_test.test_a_recall()


def test_the_example_rejects_what_it_says(example_test: ModuleType) -> None:
    function = example_test.test_rows_that_cannot_be_used
    (mark,) = function.pytestmark
    assert len(mark.args[1]) == 2
    for recall, field, code in mark.args[1]:
        function(recall, field, code)


def test_the_example_line_of_data_is_read(example_test: ModuleType) -> None:
    (line,) = re.findall(r"```json\n(.*?)```", RECIPE.read_text(), re.DOTALL)
    (recall,) = example_test.read("example", line.encode())
    assert recall.url == "https://recalls.example/104"
    assert recall.notices == ()
