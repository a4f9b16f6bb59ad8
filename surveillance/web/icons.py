"""An icon that a page shows again and again is drawn once, at its end, and used by its number."""

import re
from collections import Counter
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ICON = re.compile(rb'(<svg [^>]*class="icon"[^>]*>)(.*?)</svg>')
END = b"</body>"


class RepeatedIconsMiddleware:
    """Of whole pages: what htmx puts into one stands for itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and not response.streaming and not request.headers.get("HX-Request"):
            response.content = drawn_once(response.content)
        return response


def drawn_once(page: bytes) -> bytes:
    body, end, rest = page.rpartition(END)
    text, *icons = ICON.split(body)
    pieces = list(zip(icons[::3], icons[1::3], icons[2::3], strict=True))
    times = Counter(drawing for _opening, drawing, _following in pieces)
    repeated = (drawing for drawing, many in times.items() if many > 1)
    names = {drawing: b"icon-%d" % number for number, drawing in enumerate(repeated, 1)}
    if not names:
        return page
    drawn = [text]
    for opening, drawing, following in pieces:
        name = names.get(drawing)
        drawn += opening, drawing if name is None else b'<use href="#%b"/>' % name
        drawn += b"</svg>", following
    symbols = b"".join(b'<g id="%b">%b</g>' % (name, it) for it, name in names.items())
    return b"%b<svg hidden><defs>%b</defs></svg>%b%b" % (b"".join(drawn), symbols, end, rest)
