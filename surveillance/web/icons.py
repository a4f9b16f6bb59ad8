"""An icon that a page shows again and again is drawn once, at its end, and used by its number."""

import re
from collections import Counter
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ICON = re.compile(rb'(<svg [^>]*class="icon"[^>]*>)(.*?)</svg>', re.DOTALL)
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
    times = Counter(drawing for _opening, drawing in ICON.findall(body))
    numbers = {
        drawing: b"icon-%d" % number
        for number, (drawing, many) in enumerate(times.items(), 1)
        if many > 1
    }
    if not numbers:
        return page

    def shown(icon: re.Match[bytes]) -> bytes:
        opening, drawing = icon.groups()
        number = numbers.get(drawing)
        return icon[0] if number is None else b'%b<use href="#%b"/></svg>' % (opening, number)

    drawn = b"".join(b'<g id="%b">%b</g>' % (one, it) for it, one in numbers.items())
    return b"%b<svg hidden><defs>%b</defs></svg>%b%b" % (ICON.sub(shown, body), drawn, end, rest)
