"""Web addresses as feeds give them."""

import re

from sellers.feeds.base import Notice
from sellers.feeds.reasons import Reason
from sellers.feeds.wording import plain_line, shortened

_SCHEME = re.compile(r"^(https?):\s*/+\s*", re.IGNORECASE)
_SECOND_ADDRESS = re.compile(
    r"\s.*(?:https?:|www\.).*|(?<=[A-Za-z0-9])https?:.*|\s*;.*", re.IGNORECASE
)
_WEB_ADDRESS = re.compile(r"https?://[^\s/%:?#]+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_CLEAN_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[A-Za-z0-9._~/%-]*)?")
_LONGEST = 1000


def web_address(field: str, text: str, notices: list[Notice]) -> str:
    """The first http(s) address in ``text``, or "" when it holds none.

    Mended, and told in ``notices``: a lost or a third slash ("https:/www…"), blanks in
    file names, a second address behind the first. Text that is no address is told too.
    """
    if len(text) <= _LONGEST and _CLEAN_ADDRESS.fullmatch(text):
        return text
    written = plain_line(text)
    if not written:
        return ""
    address = _SECOND_ADDRESS.sub("", _SCHEME.sub(r"\1://", written)).replace(" ", "%20")
    if not _WEB_ADDRESS.fullmatch(address) or len(address) > _LONGEST:
        notices.append(Notice(field, Reason.URL_UNREADABLE, shortened(written, 200)))
        return ""
    if address != written:
        notices.append(Notice(field, Reason.URL_MENDED, shortened(written, 200)))
    return address
