"""Chromium and a font for Chinese, Japanese and Korean, which the browser tests need."""

import os
import shutil
import subprocess
from pathlib import Path

from surveillance.devstack.state import StackError

NAMES = ("chromium", "chromium-browser", "google-chrome")
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")


def require_browser() -> bool:
    """Install what is missing as root on Debian. False: browser tests cannot run here.

    Raises StackError instead of returning False when CI is set.
    """
    missing = _missing()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' and '.join(missing)}", flush=True)
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", *missing)
        missing = _missing()
    if not missing:
        return True
    sentence = (
        f"missing: {' and '.join(missing)} (as root on Debian: apt install {' '.join(missing)})"
    )
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        raise StackError(f"the browser tests cannot run; {sentence}")
    print(f"\n*** The browser tests will NOT be run; {sentence} ***\n", flush=True)
    return False


def _missing() -> list[str]:
    """Debian's names of the packages that are missing."""
    return [
        *([] if any(map(shutil.which, NAMES)) else ["chromium"]),
        *([] if _has_cjk_font() else ["fonts-noto-cjk"]),
    ]


def _has_cjk_font() -> bool:
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout
        return bool(listed.strip())
    return any(next(folder.glob("**/*CJK*"), None) for folder in FONT_FOLDERS)


def _apt_get(*arguments: str) -> None:
    done = subprocess.run(
        ["apt-get", "-qq", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"apt-get {arguments[0]} failed:\n{done.stdout}{done.stderr}".rstrip(), flush=True)
