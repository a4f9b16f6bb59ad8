"""The catalogues in locale/: what the source says, what is translated, and both compiled.

Babel reads Python itself, and templates by way of what Django makes of them for xgettext, so that
nothing beyond the lock is needed. `./check tests/house/write_catalogues.py` brings them up to date.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
SOURCES = ("surveillance", "sellers", "cases", "templates")
TRANSLATED = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def source() -> Catalog:
    """Every sentence that is marked for translation, with the files it stands in."""
    found = Catalog()
    for path in _files():
        place = (str(path.relative_to(ROOT)), None)
        for _line, message, comments, context in _marked(path):
            found.add(message, locations=[place], auto_comments=comments, context=context)
    return found


def catalogue(language: str) -> Catalog:
    with _path(language, "po").open("rb") as file:
        return read_po(file, locale=to_locale(language), domain="django")


def as_po(catalog: Catalog) -> bytes:
    written = io.BytesIO()
    write_po(
        written, catalog, width=100, omit_header=False, include_lineno=False, sort_by_file=True
    )
    return written.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def compiled(language: str) -> bytes:
    return _path(language, "mo").read_bytes()


def write(language: str) -> None:
    """The catalogue with what is new in the source and without what has gone, and compiled."""
    catalog = catalogue(language)
    catalog.update(source(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    _path(language, "po").write_bytes(as_po(catalog))
    _path(language, "mo").write_bytes(as_mo(catalog))


def _path(language: str, kind: str) -> Path:
    return ROOT / "locale" / to_locale(language) / "LC_MESSAGES" / f"django.{kind}"


def _files() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"}:
                yield path


def _marked(path: Path) -> Iterator[tuple]:
    text = path.read_text()
    if path.suffix != ".py":
        # One statement a line: what is left of the markup is no indented program.
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    return extract("python", io.BytesIO(text.encode()), KEYWORDS, comment_tags=("Translators:",))
