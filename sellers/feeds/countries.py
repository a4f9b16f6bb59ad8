"""Country names, as the feeds write them, to ISO 3166-1 alpha-2 codes."""

import re

# Code, English short name, and other names met in feeds. XK (Kosovo) is a code that the
# European Commission uses; it is reserved for users by ISO 3166.
_TABLE = """
AD|Andorra
AE|United Arab Emirates|UAE
AF|Afghanistan
AG|Antigua and Barbuda
AI|Anguilla
AL|Albania
AM|Armenia
AO|Angola
AR|Argentina
AT|Austria
AU|Australia
AW|Aruba
AZ|Azerbaijan
BA|Bosnia and Herzegovina|Bosnia
BB|Barbados
BD|Bangladesh
BE|Belgium
BF|Burkina Faso
BG|Bulgaria
BH|Bahrain
BI|Burundi
BJ|Benin
BM|Bermuda
BN|Brunei|Brunei Darussalam
BO|Bolivia
BR|Brazil
BS|Bahamas|The Bahamas
BT|Bhutan
BW|Botswana
BY|Belarus
BZ|Belize
CA|Canada
CC|Cocos (Keeling) Islands|Cocos Islands
CD|Democratic Republic of the Congo|Democratic Republic of Congo
CF|Central African Republic
CG|Congo|Republic of the Congo
CH|Switzerland
CI|Ivory Coast|Côte d'Ivoire
CL|Chile
CM|Cameroon
CN|China|People's Republic of China|PR China|P.R. China|PRC|Mainland China
CO|Colombia
CR|Costa Rica
CU|Cuba
CV|Cabo Verde|Cape Verde
CW|Curaçao
CY|Cyprus
CZ|Czechia|Czech Republic|The Czech Republic
DE|Germany
DJ|Djibouti
DK|Denmark
DM|Dominica
DO|Dominican Republic
DZ|Algeria
EC|Ecuador
EE|Estonia
EG|Egypt
ER|Eritrea
ES|Spain
ET|Ethiopia
FI|Finland
FJ|Fiji
FO|Faroe Islands
FR|France
GA|Gabon
GB|United Kingdom|United Kingdom in respect of Northern Ireland|UK|Great Britain|England|Scotland
GD|Grenada
GE|Georgia
GG|Guernsey
GH|Ghana
GI|Gibraltar
GL|Greenland
GM|Gambia|The Gambia
GN|Guinea
GQ|Equatorial Guinea
GR|Greece
GT|Guatemala
GW|Guinea-Bissau
GY|Guyana
HK|Hong Kong|Hong Kong SAR|Hong Kong, China
HN|Honduras
HR|Croatia
HT|Haiti
HU|Hungary
ID|Indonesia
IE|Ireland
IL|Israel
IM|Isle of Man
IN|India
IQ|Iraq
IR|Iran
IS|Iceland
IT|Italy
JE|Jersey
JM|Jamaica
JO|Jordan
JP|Japan
KE|Kenya
KG|Kyrgyzstan
KH|Cambodia
KM|Comoros
KN|Saint Kitts and Nevis
KP|North Korea|Democratic People's Republic of Korea
KR|South Korea|Korea|Republic of Korea
KW|Kuwait
KY|Cayman Islands
KZ|Kazakhstan
LA|Laos
LB|Lebanon
LC|Saint Lucia
LI|Liechtenstein
LK|Sri Lanka
LR|Liberia
LS|Lesotho
LT|Lithuania
LU|Luxembourg
LV|Latvia
LY|Libya
MA|Morocco
MC|Monaco
MD|Moldova
ME|Montenegro
MG|Madagascar
MK|North Macedonia
ML|Mali
MM|Myanmar|Burma
MN|Mongolia
MO|Macao|Macau
MR|Mauritania
MT|Malta
MU|Mauritius
MV|Maldives
MW|Malawi
MX|Mexico
MY|Malaysia
MZ|Mozambique
NA|Namibia
NE|Niger
NG|Nigeria
NI|Nicaragua
NL|Netherlands|The Netherlands|Holland
NO|Norway
NP|Nepal
NZ|New Zealand
OM|Oman
PA|Panama
PE|Peru
PG|Papua New Guinea
PH|Philippines|The Philippines
PK|Pakistan
PL|Poland
PR|Puerto Rico
PS|Palestine
PT|Portugal
PY|Paraguay
QA|Qatar
RO|Romania
RS|Serbia
RU|Russia|Russian Federation
RW|Rwanda
SA|Saudi Arabia
SC|Seychelles
SD|Sudan
SE|Sweden
SG|Singapore
SI|Slovenia
SK|Slovakia
SL|Sierra Leone
SM|San Marino
SN|Senegal
SO|Somalia
SR|Suriname
SS|South Sudan
SV|El Salvador
SY|Syria
SZ|Eswatini|Swaziland
TD|Chad
TG|Togo
TH|Thailand
TJ|Tajikistan
TL|Timor-Leste|East Timor
TM|Turkmenistan
TN|Tunisia
TR|Türkiye|Turkey|Turkiye
TT|Trinidad and Tobago
TW|Taiwan|Chinese Taipei
TZ|Tanzania
UA|Ukraine
UG|Uganda
US|United States|United States of America|USA|U.S.A.|U.S.|US
UY|Uruguay
UZ|Uzbekistan
VA|Holy See|Vatican City
VC|Saint Vincent and the Grenadines
VE|Venezuela
VG|British Virgin Islands
VI|US Virgin Islands
VN|Vietnam|Viet Nam
XK|Kosovo
YE|Yemen
ZA|South Africa
ZM|Zambia
ZW|Zimbabwe
"""

_CODES = {
    name.casefold(): line.split("|")[0]
    for line in _TABLE.split("\n")
    if line
    for name in line.split("|")[1:]
}
_PARENTHESES = re.compile(r"\([^)]*\)")
_SEPARATORS = re.compile(r"[,;/\n]|\b(?:and|or)\b|&")


def country_code(name: str) -> str:
    """The ISO alpha-2 code of one country's name, or "" when it is none that we know."""
    return _CODES.get(" ".join(name.replace("’", "'").split()).casefold(), "")


def country_codes(text: str) -> tuple[str, ...]:
    """The codes of all countries in ``text``: "China and Vietnam" gives ("CN", "VN").

    A name that is not known makes the whole text unknown: ().
    """
    if code := country_code(text):
        return (code,)
    parts = [part for part in _SEPARATORS.split(_PARENTHESES.sub(" ", text)) if part.strip()]
    codes = [country_code(part) for part in parts]
    return tuple(dict.fromkeys(codes)) if all(codes) else ()
