"""The repeated elements of an XML file, one at a time in memory."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from sellers.feeds.reasons import Problem
from sellers.feeds.sources import Source
from sellers.feeds.wording import shortened


def elements(source: Source, content: BinaryIO, *, root: str, depth: int) -> Iterator[Element]:
    """Each complete element ``depth`` levels below the root; forgotten when the next is read.

    Raises FeedError when the root is another one, and where the file breaks off.
    """
    path: list[Element] = []
    try:
        for event, element in iterparse(content, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                if not path and element.tag != root:
                    detail = f"<{shortened(str(element.tag), 60)}>"
                    raise source.error(Problem.WRONG_FORMAT, line=1, detail=detail)
                path.append(element)
                continue
            path.pop()
            if len(path) == depth:
                yield element
                path[-1].clear()
    except ParseError as error:
        line = error.position[0]
        raise source.error(Problem.BROKEN_XML, line=line, detail=str(error)) from error
    except (DefusedXmlException, LookupError, ValueError) as error:
        raise source.error(Problem.BROKEN_XML, detail=str(error)) from error
