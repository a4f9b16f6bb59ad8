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
from django.db.models import CharField, Lookup, Q, TextField, Transform

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


@CharField.register_lookup
@TextField.register_lookup
class Spells(Lookup):
    """A text that holds these characters as they are. PostgreSQL takes it that nearly every text
    does: what it knows of LIKE would be multiplied with what it knows of pairs, and they are the
    same."""

    lookup_name = "spells"

    def as_sql(self, compiler, connection):
        text, text_values = self.process_lhs(compiler, connection)
        word, word_values = self.process_rhs(compiler, connection)
        return f"strpos({text}, {word}) <> 0", (*text_values, *word_values)


def words_of(text: str) -> list[str]:
    """The words of a search, folded; eight at most."""
    return folded(text).split()[:_WORDS]


def holds(field: str, word: str, *, or_in: str = "", lookup: str = "contains") -> Q:
    """Rows whose `field`, `or_in` another, holds the word; `lookup`: contains in folded text, else
    icontains.

    Pairs are there for the index. The text is looked at as well, and first, where a plan reads row
    by row: that costs next to nothing, and so few texts are spelt. The planner counts on pairs
    alone (Spells), and so reads the newest first where a word is frequent.
    """
    fields = [field, or_in] if or_in else [field]
    if not is_pair(word):
        return _any(Q(**{f"{name}__{lookup}": word}) for name in fields)
    found = _any(Q(**{f"{name}__pairs__contains": [word]}) for name in fields)
    return found & _any(Q(**{f"{name}__spells": word}) for name in fields)


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


def is_pair(word: str) -> bool:
    return len(word) == 2 and all(len(letter.encode()) >= _WIDE for letter in word)
