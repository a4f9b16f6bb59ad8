"""Why a row or a file was refused or mended, as codes and as sentences.

Readers state codes; the sentences are put into the reader's language only when somebody
looks at them.
"""

from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    """Why a row was rejected (first part) or a field mended or doubted (second part)."""

    COLUMN_COUNT = "column_count"
    NOT_AN_OBJECT = "not_an_object"
    NO_ID = "no_id"
    NO_DATE = "no_date"
    DATE_MISSING = "date_missing"
    NO_PRODUCT = "no_product"

    AGE_UNREADABLE = "age_unreadable"
    COUNTRY_UNKNOWN = "country_unknown"
    DATE_DOUBTFUL = "date_doubtful"
    DATE_UNREADABLE = "date_unreadable"
    GTIN_ELSEWHERE = "gtin_elsewhere"
    GTIN_INVALID = "gtin_invalid"
    GTIN_RESTORED = "gtin_restored"
    HAZARD_UNKNOWN = "hazard_unknown"
    MEASURE_UNREADABLE = "measure_unreadable"
    MIXED_SCRIPTS = "mixed_scripts"
    MODEL_IS_PROSE = "model_is_prose"
    NOT_A_CODE = "not_a_code"
    NUMBER_ODD = "number_odd"
    NUMBER_RESTORED = "number_restored"
    PRODUCT_FROM_DESCRIPTION = "product_from_description"
    SEVERAL_COUNTRIES = "several_countries"
    SEVERITY_UNKNOWN = "severity_unknown"
    TERM_UNKNOWN = "term_unknown"
    TEXT_CUT_OFF = "text_cut_off"
    URL_MENDED = "url_mended"
    URL_UNREADABLE = "url_unreadable"
    ZIP_RESTORED = "zip_restored"


class Problem(StrEnum):
    """Why a whole file cannot be read."""

    EMPTY = "empty"
    WEB_PAGE = "web_page"
    BROKEN_GZIP = "broken_gzip"
    BAD_ENCODING = "bad_encoding"
    BROKEN_CSV = "broken_csv"
    BROKEN_JSON = "broken_json"
    BROKEN_XML = "broken_xml"
    TOO_LARGE = "too_large"
    WRONG_FORMAT = "wrong_format"
    MISSING_COLUMNS = "missing_columns"
    NO_REPORT_DATE = "no_report_date"
    SERVICE_ERROR = "service_error"


class _Sentences(NamedTuple):
    reason: str | Promise
    remedy: str | Promise


_REASONS: dict[Reason, _Sentences] = {
    Reason.COLUMN_COUNT: _Sentences(
        _("The row has {value} columns instead of as many as the header."),
        _("Look for an unquoted comma or a missing cell in the row, or export the file again."),
    ),
    Reason.NOT_AN_OBJECT: _Sentences(
        _("The entry is not a record with named fields."),
        _("Take the entry out, or download the file again."),
    ),
    Reason.NO_ID: _Sentences(
        _("“{field}” gives no number by which the record could be found again: “{value}”."),
        _("Fill in “{field}” as the source publishes it."),
    ),
    Reason.NO_DATE: _Sentences(
        _("“{field}” is not a date: “{value}”."),
        _("Write “{field}” in the form of the source's other rows."),
    ),
    Reason.DATE_MISSING: _Sentences(
        _("“{field}” is empty, and a record without a day cannot be put in order."),
        _("Fill in “{field}” as the source's own page shows it, or leave the record out."),
    ),
    Reason.NO_PRODUCT: _Sentences(
        _("The row names no product, no brand and no model."),
        _("Fill in “{field}” with a few words that say what the product is."),
    ),
    Reason.AGE_UNREADABLE: _Sentences(
        _("The age is not a number of years; it was left empty."),
        _("Write the age as whole years, or leave “{field}” empty."),
    ),
    Reason.COUNTRY_UNKNOWN: _Sentences(
        _("“{value}” is not a country that we know; “{field}” was left empty."),
        _("Use the country's English short name."),
    ),
    Reason.DATE_DOUBTFUL: _Sentences(
        _("“{field}” ({value}) is far from the year and week that the report names."),
        _("Compare it with the published report; the date was taken as it stands."),
    ),
    Reason.DATE_UNREADABLE: _Sentences(
        _("“{field}” is not a date: “{value}”; it was left empty."),
        _("Write “{field}” in the form of the source's other rows, or leave it empty."),
    ),
    Reason.GTIN_ELSEWHERE: _Sentences(
        _("A barcode number was found in “{field}”: “{value}”."),
        _("Nothing to do if it is the product's; the source has a field of its own for it."),
    ),
    Reason.GTIN_INVALID: _Sentences(
        _("“{value}” is not a complete barcode number: its length or check digit is wrong."),
        _("Compare it with the packaging; it is kept as it stands but matches nothing."),
    ),
    Reason.GTIN_RESTORED: _Sentences(
        _("“{value}” had lost its leading zero; with it the check digit is right."),
        _("Keep “{field}” as text in spreadsheets, so that zeros are not lost."),
    ),
    Reason.HAZARD_UNKNOWN: _Sentences(
        _("No known hazard is named in “{field}”: “{value}”; it counts as “other”."),
        _("Choose the hazard by hand after reading the text."),
    ),
    Reason.TERM_UNKNOWN: _Sentences(
        _("“{value}” in “{field}” is not a term that we know."),
        _("Choose it by hand after reading the alert."),
    ),
    Reason.MEASURE_UNREADABLE: _Sentences(
        _("A measure could not be taken apart into who, what and when: “{value}”."),
        _("Nothing to do: the text is kept as it stands."),
    ),
    Reason.MIXED_SCRIPTS: _Sentences(
        _("“{value}” in “{field}” mixes letters of two alphabets within a word."),
        _("Compare it with the picture; look-alike letters keep searches from finding it."),
    ),
    Reason.MODEL_IS_PROSE: _Sentences(
        _("“{field}” holds a description rather than model numbers."),
        _("Read the model numbers out of the text by hand; it is kept in the source's fields."),
    ),
    Reason.NOT_A_CODE: _Sentences(
        _("“{field}” holds words instead of a number: “{value}”."),
        _("Nothing to do: the text is kept, but it matches nothing."),
    ),
    Reason.NUMBER_ODD: _Sentences(
        _("“{value}” in “{field}” is not in the usual form of such numbers."),
        _("Compare it with the published page; it is kept as it stands."),
    ),
    Reason.NUMBER_RESTORED: _Sentences(
        _("“{value}” in “{field}” had lost a leading zero, which was put back."),
        _("Keep “{field}” as text in spreadsheets, so that zeros are not lost."),
    ),
    Reason.PRODUCT_FROM_DESCRIPTION: _Sentences(
        _("“{field}” is empty; the product's name was taken from the rest of the record."),
        _("Give the product a short name by hand."),
    ),
    Reason.SEVERAL_COUNTRIES: _Sentences(
        _("“{field}” names several countries: “{value}”; the first was taken."),
        _("Nothing to do: all of them are kept in the source's fields."),
    ),
    Reason.SEVERITY_UNKNOWN: _Sentences(
        _("“{value}” is not a known degree of injury; it counts as unknown."),
        _("Choose the degree by hand after reading the report."),
    ),
    Reason.TEXT_CUT_OFF: _Sentences(
        _("“{field}” is cut off at its end."),
        _("Read the whole text on the source's page."),
    ),
    Reason.URL_MENDED: _Sentences(
        _("The address “{value}” had a slash or a blank wrong, which was mended."),
        _("Nothing to do if the address opens."),
    ),
    Reason.URL_UNREADABLE: _Sentences(
        _("“{value}” in “{field}” is not a web address; it was left out."),
        _("Write the address in full, with https:// in front."),
    ),
    Reason.ZIP_RESTORED: _Sentences(
        _("The postal code had lost its leading zero, which was put back."),
        _("Keep “{field}” as text in spreadsheets, so that zeros are not lost."),
    ),
}

_PROBLEMS: dict[Problem, str | Promise] = {
    Problem.EMPTY: _("The file is empty. Expected {expected}."),
    Problem.WEB_PAGE: _(
        "This is a web page, perhaps an error message of the site. Expected {expected}: "
        "download it again."
    ),
    Problem.BROKEN_GZIP: _(
        "The compressed file is damaged or not complete. Expected {expected}: download it again."
    ),
    Problem.BAD_ENCODING: _(
        "The text is not in UTF-8 (byte {detail}). Expected {expected}: save or export it as UTF-8."
    ),
    Problem.BROKEN_CSV: _("The table cannot be read ({detail}). Expected {expected}."),
    Problem.BROKEN_JSON: _("The JSON cannot be read ({detail}). Expected {expected}."),
    Problem.BROKEN_XML: _("The XML cannot be read ({detail}). Expected {expected}."),
    Problem.TOO_LARGE: _("More than {detail} bytes at once. Expected {expected}: split the file."),
    Problem.WRONG_FORMAT: _("Found {detail}. Expected {expected}."),
    Problem.MISSING_COLUMNS: _("Columns are missing: {detail}. Expected {expected}."),
    Problem.NO_REPORT_DATE: _(
        "The report's date is “{detail}”, which is not a date like 31/12/2026. Expected {expected}."
    ),
    Problem.SERVICE_ERROR: _(
        "The service answered with an error instead of records: “{detail}”. Expected {expected}: "
        "try again later."
    ),
}


class FeedError(Exception):
    """A file that cannot be read as this feed: which, at which line, what was expected.

    ``name`` is the file's name or "", ``line`` counts from 1 and is None where lines
    mean nothing.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        expected: str | Promise,
        name: str = "",
        line: int | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.expected = expected
        self.name = name
        self.line = line
        self.detail = detail

    def __str__(self) -> str:
        sentence = str(_PROBLEMS[self.problem]).format(expected=self.expected, detail=self.detail)
        if self.name and self.line is not None:
            where = str(_("{name}, line {line}: ")).format(name=self.name, line=self.line)
        elif self.line is not None:
            where = str(_("Line {line}: ")).format(line=self.line)
        else:
            where = f"{self.name}: " if self.name else ""
        return where + sentence


def reason_sentence(code: Reason, *, field: str, value: str) -> str:
    """Why, in the language active now."""
    return str(_REASONS[code].reason).format(field=field, value=value)


def remedy_sentence(code: Reason, *, field: str, value: str) -> str:
    """How to mend it, in the language active now."""
    return str(_REASONS[code].remedy).format(field=field, value=value)
