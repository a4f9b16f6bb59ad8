"""Every verb has its test file, and in it a contract; docs/flows.md shows every verb."""

from importlib import import_module
from pathlib import Path

import pytest

from surveillance.flow import Transition
from surveillance.web.diagrams import declare_verbs, page
from tests.contract import CreationContract, VerbContract

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("tests/cases/verbs", "tests/sellers/verbs", "tests/surveillance/verbs")
# Verbs that are done to whole files, or by the job that reads them: tested with their imports.
BY_THE_FILE = {
    "report.receive": "tests/cases/test_import_reports.py",
    "report.revise": "tests/cases/test_import_reports.py",
    "alert.receive": "tests/sellers/test_import_alerts.py",
    "alert.revise": "tests/sellers/test_import_alerts.py",
    "product.revise": "tests/sellers/test_import_alerts.py",
    "answer_file.upload": "tests/cases/test_answer_files.py",
    "answers.give": "tests/cases/test_answer_files.py",
    "feed.import": "tests/surveillance/jobs/test_running.py",
    "feed.upload": "tests/sellers/test_uploads.py",
    "feed.rehearse": "tests/sellers/test_uploads.py",
    "item.move_deadline": "tests/cases/test_recomputing.py",
    "clocks.recompute": "tests/cases/test_recomputing.py",
    "job.cancel": "tests/surveillance/jobs/test_cancel_job.py",
    "job.give_up": "tests/surveillance/jobs/test_give_up_job.py",
}

declare_verbs()
VERBS = sorted(set(Transition.registry) - set(BY_THE_FILE))


def files_of(verb: str) -> list[Path]:
    """test_answer.py; where several kinds share the verb, test_withdraw_item.py."""
    kind, _, name = verb.partition(".")
    names = (f"test_{name}.py", f"test_{name}_{kind}.py")
    found = [ROOT / folder / name for folder in FOLDERS for name in names]
    return [path for path in found if path.exists()]


def contracts_in(path: Path) -> list[type]:
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    classes = [value for value in vars(module).values() if isinstance(value, type)]
    return [one for one in classes if issubclass(one, VerbContract | CreationContract)]


@pytest.mark.parametrize("verb", VERBS)
def test_has_its_file_and_its_contract(verb):
    tested = {
        contract.transition.verb
        for path in files_of(verb)
        for contract in contracts_in(path)
        if hasattr(contract, "transition")
    }
    assert verb in tested, f"{verb}: write tests/…/verbs/test_{verb.partition('.')[2]}.py"


@pytest.mark.parametrize("path", [*FOLDERS])
def test_no_file_is_left_over(path):
    named = {file for verb in VERBS for file in files_of(verb)}
    assert set((ROOT / path).glob("test_*.py")) <= named


@pytest.mark.parametrize(("verb", "path"), BY_THE_FILE.items(), ids=BY_THE_FILE)
def test_verbs_done_to_a_file_are_named_in_its_tests(verb, path):
    assert verb in Transition.registry
    assert verb in (ROOT / path).read_text()


def test_the_diagrams_in_the_docs_are_up_to_date():
    written = (ROOT / "docs" / "flows.md").read_text()
    assert written == page(), "run ./run manage.py show_flow > docs/flows.md"
