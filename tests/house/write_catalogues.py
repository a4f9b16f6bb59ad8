"""Brings locale/ up to date with the source: `./check tests/house/write_catalogues.py`, then
translate what test_catalogues.py names, and run it again: it compiles them."""

import pytest

from tests.house import catalogues


@pytest.mark.parametrize("language", catalogues.TRANSLATED)
def test_write_the_catalogue(language):
    catalogues.write(language)
