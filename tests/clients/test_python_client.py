"""A client in Python, generated from docs/api/openapi.json, used against a running server as a
platform would: list, read, acknowledge, answer a batch, correct, ask for time.
"""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs/api/openapi.json"
PACKAGE = "generated_client"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The generator must have nothing to complain of: it leaves out what it cannot make."""
    folder = tmp_path_factory.mktemp("python-client")
    configuration = folder / "config.yaml"
    configuration.write_text("post_hooks: []\n")
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate"),
            *("--path", str(SCHEMA), "--output-path", str(folder / PACKAGE)),
            *("--meta", "none", "--config", str(configuration), "--fail-on-warning"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield import_module(PACKAGE)


@pytest.fixture
def takedown(transactional_db, story):
    return story.issued(listings=3)


@pytest.fixture
def client(package, story, live_server):
    with package.AuthenticatedClient(
        base_url=live_server.url, token=story.issued_key().secret
    ) as client:
        yield client


def calls(name: str) -> ModuleType:
    return import_module(f"{PACKAGE}.api.takedowns.{name}")


def models() -> ModuleType:
    return import_module(f"{PACKAGE}.models")


def test_a_platform_does_its_work_with_it(client, takedown):
    page = calls("list_takedowns").sync(client=client)
    assert [one.reference for one in page.results] == [takedown.reference]
    read = calls("read_takedown").sync_detailed(takedown.reference, client=client)
    assert [item.number for item in read.parsed.items] == [1, 2, 3]
    seen = calls("acknowledge_takedown").sync(
        takedown.reference, client=client, if_match=read.headers["ETag"]
    )
    assert seen.acknowledged_at is not None

    said = models().AnswerOutcomeEnum
    rows = [
        models().Answer(number=1, outcome=said.REMOVED, answer_id="T-1"),
        models().Answer(number=2, outcome=said.REFUSED, answer_id="T-2"),
    ]
    batch = models().AnswerRows(answers=rows)
    answers = [
        calls("answer_takedown").sync_detailed(
            takedown.reference, client=client, body=batch, idempotency_key="batch-1"
        )
        for _try in range(2)
    ]
    assert [row.status for row in answers[0].parsed.results] == [200, 422]
    assert answers[0].parsed.results[1].errors[0].pointer == "/answers/1/ground"
    assert answers[1].parsed == answers[0].parsed
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_it_corrects_an_answer_and_asks_for_time(client, takedown, story):
    said = models().AnswerOutcomeEnum
    row = models().Answer(number=1, outcome=said.REMOVED, answer_id="T-1")
    batch = models().AnswerRows(answers=[row])
    calls("answer_takedown").sync(takedown.reference, client=client, body=batch)
    read = calls("read_takedown_item_answer").sync_detailed(takedown.reference, 1, client=client)
    correction = models().Correction(
        outcome=models().CorrectionOutcomeEnum.NOT_FOUND, answer_id="T-2"
    )
    corrected = calls("correct_answer").sync(
        takedown.reference,
        1,
        client=client,
        body=correction,
        if_match=read.headers["ETag"],
    )
    assert corrected.state == models().ItemState.NOT_FOUND
    asked = models().ExtensionRequest(working_days=2, reason="Our clerk is ill.")
    extension = calls("request_extension").sync(takedown.reference, client=client, body=asked)
    assert extension.state == models().ExtensionState.REQUESTED


def test_a_refusal_is_a_problem_that_it_can_read(client):
    answer = calls("read_takedown").sync("TD-2026-999999", client=client)
    assert isinstance(answer, models().Problem)
    assert (answer.status, answer.title) == (404, "Not Found")
