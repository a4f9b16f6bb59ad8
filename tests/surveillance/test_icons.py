"""Icons that a page repeats are drawn once."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from surveillance.web.icons import RepeatedIconsMiddleware
from surveillance.web.templatetags.ui import icon

BELL, CUBE = icon("bell", 16), icon("cube", 16)
PAGE = f"<body>{BELL}<p>{CUBE}</p>{BELL}<svg><path/></svg><svg><path/></svg></body></html>"


def answered(response, **headers):
    request = RequestFactory().get("/", headers=headers)
    return RepeatedIconsMiddleware(lambda _request: response)(request)


def test_a_repeated_icon_is_drawn_once_at_the_end():
    page = answered(HttpResponse(PAGE)).content.decode()
    opening, _close, drawing = BELL.removesuffix("</svg>").partition(">")
    assert page.count(drawing) == 1
    assert page.count(f'{opening}><use href="#icon-1"/></svg>') == 2
    assert page.endswith(
        f'<svg hidden><defs><g id="icon-1">{drawing}</g></defs></svg></body></html>'
    )
    assert CUBE in page
    assert page.count("<svg><path/></svg>") == 2  # not an icon of ours


@pytest.mark.parametrize(
    ("body", "kind", "headers"),
    [
        pytest.param(PAGE, "text/html", {"HX-Request": "true"}, id="what htmx puts into a page"),
        pytest.param(PAGE, "text/csv", {}, id="a file"),
        pytest.param(f"{BELL}{BELL}", "text/html", {}, id="a part of a page"),
        pytest.param(f"<body>{BELL}{CUBE}</body>", "text/html", {}, id="nothing repeated"),
    ],
)
def test_left_as_it_is(body, kind, headers):
    response = HttpResponse(body, content_type=kind)
    assert answered(response, **headers).content == body.encode()


def test_a_stream_is_not_read():
    stream = StreamingHttpResponse(iter([PAGE.encode()]))
    assert b"".join(answered(stream)) == PAGE.encode()
