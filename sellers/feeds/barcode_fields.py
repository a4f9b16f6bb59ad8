"""Barcode fields of records: their identifiers, and notices about what is wrong in them."""

from sellers.feeds.base import Notice
from sellers.feeds.identifiers import Identifier, IdentifierStatus, read_identifiers
from sellers.feeds.reasons import Reason
from sellers.feeds.wording import is_filler, plain_line, shortened

_REASONS = {
    IdentifierStatus.INVALID: Reason.GTIN_INVALID,
    IdentifierStatus.RESTORED: Reason.GTIN_RESTORED,
}


def barcode_field(field: str, text: str, notices: list[Notice]) -> tuple[Identifier, ...]:
    """The identifiers in ``text``; mended, invalid and missing ones are told in ``notices``.

    Words that say that there is no code, such as "N/A", give () without a notice.
    """
    written = plain_line(text)
    identifiers = read_identifiers(written)
    if not identifiers and not is_filler(written):
        notices.append(Notice(field, Reason.NOT_A_CODE, shortened(written, 200)))
    for one in identifiers:
        if one.status in _REASONS:
            notices.append(Notice(field, _REASONS[one.status], one.raw))
    return identifiers
