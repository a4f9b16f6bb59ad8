"""A client in TypeScript, typed by what is generated from docs/api/openapi.json: checked by the
compiler, then used against a running server.

Needs Node 20 or newer, npm, and npm's registry or cache for the packages pinned in
typescript/package-lock.json; hence `./check tests/clients -m typescript`, and not every ./check.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs/api/openapi.json"
SOURCES = Path(__file__).with_name("typescript")
pytestmark = [pytest.mark.long, pytest.mark.typescript]


def run(folder: Path, *command: str, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """The folder with the compiled client."""
    for program in ("node", "npm", "npx"):
        assert shutil.which(program), (
            f"{program} is not installed: this test generates a TypeScript client, type-checks it "
            "and runs it. Install Node.js 20 or newer, or leave out -m typescript."
        )
    folder = tmp_path_factory.mktemp("typescript-client")
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True)
    run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
    run(folder, "npx", "openapi-typescript", str(SCHEMA), "--output", "api.d.ts")
    run(folder, "npx", "tsc")
    return folder


@pytest.mark.django_db(transaction=True)
def test_a_platform_does_its_work_with_it(built, story, live_server):
    story.issued(listings=3)
    secret = story.issued_key().secret
    told = run(built, "node", "built/platform.js", BASE=live_server.url, KEY=secret)
    assert json.loads(told) == {
        "numbers": [1, 2, 3],
        "acknowledged": True,
        "statuses": [200, 200, 422],
        "replayed": "true",
        "problem": "Not Found",
    }
