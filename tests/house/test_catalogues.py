"""Every sentence is there in every language, with the same places to fill in."""

import re

import pytest

from tests.house import catalogues

PLACES = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{[\w.]*\}|</?[a-z][^>]*>")
HOW = "./check tests/house/write_catalogues.py"


@pytest.fixture(scope="module")
def source():
    return {_key(message) for message in catalogues.source() if message.id}


def _key(message):
    return (message.context, message.id)


@pytest.fixture(params=catalogues.TRANSLATED)
def language(request):
    return request.param


def test_what_the_source_says_is_what_is_translated(language, source):
    known = {_key(message) for message in catalogues.catalogue(language) if message.id}
    assert (sorted(source - known, key=str), sorted(known - source, key=str)) == ([], []), HOW


def test_every_sentence_is_translated_with_its_places(language):
    wrong = []
    for message in catalogues.catalogue(language):
        if not message.id:
            continue
        # These languages have one form, which says what English says of many.
        english = message.id if isinstance(message.id, str) else message.id[-1]
        said = message.string if isinstance(message.string, str) else message.string[0]
        if message.fuzzy or not said or _places(english) != _places(said):
            wrong.append((english, said))
    assert wrong == []


def _places(text):
    return set(PLACES.findall(text))


def test_the_compiled_catalogue_is_of_this_one(language):
    catalog = catalogues.catalogue(language)
    assert catalogues.compiled(language) == catalogues.as_mo(catalog), HOW
