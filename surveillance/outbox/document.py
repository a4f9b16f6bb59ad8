"""What a letter says, once: a title and blocks, from which text, HTML and PDF are all made."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a letter.

    paragraph: `text`. heading: `text`. facts: `rows` of (label, value). table: `head` and `rows`.
    steps: `rows` of one cell each, a numbered derivation. link: `text` and the address in `rows`.
    """

    kind: Literal["paragraph", "heading", "facts", "table", "steps", "link"]
    text: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    blocks: tuple[Block, ...]
    sender: str = ""
    reference: str = ""
    dated: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Document":
        blocks = tuple(
            Block(
                kind=block["kind"],
                text=block["text"],
                head=tuple(block["head"]),
                rows=tuple(tuple(row) for row in block["rows"]),
            )
            for block in value["blocks"]
        )
        return cls(**{**value, "blocks": blocks})


def paragraph(text: str) -> Block:
    return Block("paragraph", text=text)


def heading(text: str) -> Block:
    return Block("heading", text=text)


def facts(*rows: tuple[str, str]) -> Block:
    """Pairs of label and value; a pair without a value is left out."""
    return Block("facts", rows=tuple(row for row in rows if row[1]))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    return Block("table", head=tuple(head), rows=tuple(tuple(row) for row in rows))


def steps(rows: Sequence[str]) -> Block:
    return Block("steps", rows=tuple((row,) for row in rows))


def link(text: str, address: str) -> Block:
    return Block("link", text=text, rows=((address,),))
