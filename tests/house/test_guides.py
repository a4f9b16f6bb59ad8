"""The guides show pictures that exist, link to files that exist, and leave no picture unused."""

import re
from importlib import util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAPS = [ROOT / name for name in ("README.md", "surveillance/README.md", "docs/partners/README.md")]
GUIDES = sorted([*(ROOT / "docs").glob("*.md"), *MAPS])
LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")


def pictures_of_the_script() -> set[str]:
    spec = util.spec_from_file_location("take", ROOT / "docs/pictures/take.py")
    assert spec is not None
    assert spec.loader is not None
    script = util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return {f"{picture.name}.png" for picture in script.PICTURES}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(guide):
    targets = LINK.findall(guide.read_text())
    assert [target for target in targets if not (guide.parent / target).exists()] == []


def test_the_script_takes_what_the_guides_show():
    text = "".join(guide.read_text() for guide in GUIDES)
    shown = set(re.findall(r"pictures/([a-z-]+\.png)", text))
    kept = {path.name for path in (ROOT / "docs/pictures").glob("*.png")}
    assert shown == kept == pictures_of_the_script()
