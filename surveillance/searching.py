"""Words looked for in text. From three letters on a trigram index finds them; a word of two
characters, as Chinese, Japanese and Korean have many, is found by an index of pairs. Texts are
alike where they share half of their trigrams (settings.DATABASES).

    rows.filter(holds("search_text", "充電"))
    rows.filter(search_text__trigram_similar=text)
    GinIndex(SearchPairs("search_text"), name="report_search_pairs")
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Q, TextField, Transform

from surveillance.search_text import folded

_WORDS = 8  # of a search; more would only narrow what is empty already
_WIDE = 3  # bytes in UTF-8 of the characters that stand for a syllable or a word


@CharField.register_lookup
@TextField.register_lookup
class SearchPairs(Transform):
    """All pairs of wide characters of a text, by the function of accounts.0003_search_pairs."""

    lookup_name = "pairs"
    function = "search_pairs"
    output_field = ArrayField(TextField())


def words_of(text: str) -> list[str]:
    """The words of a search, folded; eight at most."""
    return folded(text).split()[:_WORDS]


def holds(field: str, word: str, *, or_in: str = "", lookup: str = "contains") -> Q:
    """Rows whose `field`, `or_in` another, holds the word; `lookup`: contains in folded text, else
    icontains.

    Pairs are there for the index, and stand apart, so that it answers them alone. A plan that reads
    row by row compares the text first, which costs next to nothing, and so spells few.
    """
    fields = [field, or_in] if or_in else [field]
    found = _any(Q(**{f"{name}__{lookup}": word}) for name in fields)
    if not is_pair(word):
        return found
    return found & _any(Q(**{f"{name}__pairs__contains": [word]}) for name in fields)


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


def is_pair(word: str) -> bool:
    return len(word) == 2 and all(len(letter.encode()) >= _WIDE for letter in word)
