"""A document as plain text, HTML and PDF: three renderings of the same blocks."""

import json
import textwrap
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from surveillance.outbox.document import Block, Document

_WIDTH = 76


def as_text(document: Document) -> str:
    parts = [document.title, "=" * min(len(document.title), _WIDTH)]
    parts += [f"{document.sender}\n{document.reference}  {document.dated}".strip()]
    parts += [_block_text(block) for block in document.blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block_text(block: Block) -> str:
    match block.kind:
        case "paragraph":
            return "\n".join(textwrap.fill(line, _WIDTH) for line in block.text.splitlines())
        case "heading":
            return f"{block.text}\n{'-' * min(len(block.text), _WIDTH)}"
        case "facts":
            return "\n".join(f"{label}: {value}" for label, value in block.rows)
        case "table":
            return "\n".join(
                "  * " + "; ".join(f"{h}: {v}" for h, v in zip(block.head, row, strict=True) if v)
                for row in block.rows
            )
        case "steps":
            return "\n".join(f"  {row[0]}" for row in block.rows)
        case "link":
            return f"{block.text}: {block.rows[0][0]}"


def as_html(document: Document, language: str) -> str:
    """A whole page, as mailed and as previewed."""
    with translation.override(language):
        return render_to_string("letters/letter.html", {"letter": document, "language": language})


def as_pdf(document: Document, language: str) -> bytes:
    """PDF/A-2b, with fonts for Chinese and Japanese embedded."""
    pdf = typst.compile(
        str(settings.BASE_DIR / "templates" / "letters" / "letter.typ"),
        format="pdf",
        pdf_standards=["a-2b"],
        font_paths=list(font_paths()),
        sys_inputs={
            "letter": json.dumps(document.to_json(), ensure_ascii=False),
            "language": language,
        },
    )
    assert isinstance(pdf, bytes)
    return pdf


@cache
def font_paths() -> tuple[str, ...]:
    """The folder of the Noto Sans CJK wheel; typst carries its own Latin fonts."""
    wheel = find_spec("cvttf_NotoSansCJK_Regular")
    locations = wheel.submodule_search_locations if wheel else None
    return tuple(str(Path(location)) for location in locations or ())
