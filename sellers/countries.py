"""Names of countries, by ISO 3166-1 alpha-2 code: those that notify, and those products come from.

EU stands for the European Union, as in the feeds.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Who notifies: the members of the EU Safety Gate, and the authorities of the other feeds.
NOTIFYING: dict[str, Promise] = {
    "AT": _("Austria"),
    "AU": _("Australia"),
    "BE": _("Belgium"),
    "BG": _("Bulgaria"),
    "CA": _("Canada"),
    "CY": _("Cyprus"),
    "CZ": _("Czechia"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "EE": _("Estonia"),
    "ES": _("Spain"),
    "EU": _("European Union"),
    "FI": _("Finland"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "GR": _("Greece"),
    "HR": _("Croatia"),
    "HU": _("Hungary"),
    "IE": _("Ireland"),
    "IS": _("Iceland"),
    "IT": _("Italy"),
    "JP": _("Japan"),
    "KR": _("South Korea"),
    "LI": _("Liechtenstein"),
    "LT": _("Lithuania"),
    "LU": _("Luxembourg"),
    "LV": _("Latvia"),
    "MT": _("Malta"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "RO": _("Romania"),
    "SE": _("Sweden"),
    "SG": _("Singapore"),
    "SI": _("Slovenia"),
    "SK": _("Slovakia"),
    "TW": _("Taiwan"),
    "US": _("United States"),
}
_ORIGINS: dict[str, Promise] = {
    "BD": _("Bangladesh"),
    "BR": _("Brazil"),
    "CH": _("Switzerland"),
    "CN": _("China"),
    "HK": _("Hong Kong"),
    "ID": _("Indonesia"),
    "IL": _("Israel"),
    "IN": _("India"),
    "KH": _("Cambodia"),
    "LK": _("Sri Lanka"),
    "MA": _("Morocco"),
    "MM": _("Myanmar"),
    "MX": _("Mexico"),
    "MY": _("Malaysia"),
    "NZ": _("New Zealand"),
    "PH": _("Philippines"),
    "PK": _("Pakistan"),
    "RS": _("Serbia"),
    "RU": _("Russia"),
    "TH": _("Thailand"),
    "TN": _("Tunisia"),
    "TR": _("Türkiye"),
    "UA": _("Ukraine"),
    "VN": _("Vietnam"),
    "ZA": _("South Africa"),
}
_NAMES = NOTIFYING | _ORIGINS
_CODE_LENGTH = 2


def country_name(code: str) -> str:
    """The country's name; a code we have no name for stands as it is."""
    return str(_NAMES.get(code, code))


def is_country_code(text: str) -> bool:
    """Two capital letters: what the columns for countries hold."""
    return len(text) == _CODE_LENGTH and text.isascii() and text.isalpha() and text.isupper()
