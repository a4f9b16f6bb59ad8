"""Candidates by words, and a closer look at the best of them.

Only rare words lead to candidates: the rarest few of a text, none that stands in too many entries.
The best five by those are compared over all words and over their character triples (the mean of
the two cosines of TF-IDF vectors); codes on both sides of which none agrees lower the score.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat

import numpy as np
from numpy.typing import NDArray

from sellers.screening.conflicts import FACTOR
from sellers.screening.vectors import (
    GRAM_SPACE,
    Floats,
    Ints,
    Rows,
    compare,
    count_in,
    grams_of,
    inverse_frequency,
    place_in_run,
    run_starts,
    turned,
    weigh,
)
from sellers.screening.words import Text, is_code

BEST = 5  # candidates that are looked at closely
_RAREST = 8  # words of a text that lead to candidates
_TOO_COMMON = 400  # entries; a word that stands in more leads to none
_ENOUGH = 60  # entries; a text whose rarer words stand in so many needs no further word
_UNKNOWN = 0.5  # weight of a word that no entry holds, beside the rarest that one holds
_FINE = 1 << 20  # steps between 0 and 1 in which weights are summed
_BY_WORDS = 0.5  # of the least score has to come from words before letters are compared


@dataclass(frozen=True, slots=True)
class Statistics:
    """How rare words and triples are in the register: what every vector is weighed by."""

    vocabulary: dict[str, int]
    word_df: Ints
    is_code: NDArray[np.bool_]
    documents: int
    gram_idf: Floats

    def extended(self, texts: Sequence["Text"]) -> "Statistics":
        """With the words of a few more entries, which count as new to the register."""
        vocabulary = dict(self.vocabulary)
        for word in chain.from_iterable(text.words for text in texts):
            vocabulary.setdefault(word, len(vocabulary))
        fresh = list(islice(vocabulary, len(self.vocabulary), None))
        df = np.concatenate([self.word_df, np.zeros(len(fresh), dtype=np.int64)])
        codes = np.concatenate([self.is_code, _are_codes(fresh)])
        return Statistics(vocabulary, df, codes, self.documents, self.gram_idf)


@dataclass(frozen=True, slots=True)
class Read:
    """Texts as rows of words. Word ids beyond the vocabulary are words that no entry holds.

    Triples are counted only of those rows that are looked at closely.
    """

    texts: Sequence[Text]
    words: Rows
    has_code: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs by row, the best of a row first; equal ones in the order of the entries."""

    rows: Ints
    documents: Ints
    scores: Floats

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """(row, entry, score) of each."""
        return zip(self.rows.tolist(), self.documents.tolist(), self.scores.tolist(), strict=True)

    def reaching(self, least: float) -> "Candidates":
        """Without the rows of which not even the best reaches `least`."""
        first = place_in_run(self.rows) == 0
        reaching = np.isin(self.rows, self.rows[first & (self.scores >= least)])
        return Candidates(self.rows[reaching], self.documents[reaching], self.scores[reaching])


def statistics_of(texts: Sequence[Text]) -> Statistics:
    """Of a whole register."""
    vocabulary: dict[str, int] = {}
    for word in chain.from_iterable(text.words for text in texts):
        vocabulary.setdefault(word, len(vocabulary))
    held = [vocabulary[word] for text in texts for word in set(text.words)]
    word_df = np.bincount(np.array(held, dtype=np.int64), minlength=len(vocabulary))
    rows, places = grams_of([text.spelt for text in texts])
    _rows, kept, _counts = count_in(rows, places, GRAM_SPACE)
    gram_df = np.bincount(kept, minlength=GRAM_SPACE)
    gram_idf = inverse_frequency(gram_df, len(texts))
    return Statistics(vocabulary, word_df, _are_codes(vocabulary), len(texts), gram_idf)


def read(texts: Sequence[Text], statistics: Statistics) -> Read:
    """A word that the register does not hold can agree with nothing, so that it counts half."""
    flat = list(chain.from_iterable(text.words for text in texts))
    ids = np.fromiter(map(statistics.vocabulary.get, flat, repeat(-1)), np.int64, len(flat))
    beyond = len(statistics.vocabulary)
    unknown: dict[str, int] = {}
    for place in np.flatnonzero(ids < 0).tolist():
        ids[place] = unknown.setdefault(flat[place], beyond + len(unknown))
    rows = np.repeat(np.arange(len(texts)), [len(text.words) for text in texts])
    marked = np.concatenate([statistics.is_code, _are_codes(unknown)])
    has_code = np.bincount(rows, marked[ids], minlength=len(texts)) > 0
    idf = inverse_frequency(statistics.word_df, statistics.documents)
    rarest = inverse_frequency(np.zeros(len(unknown), dtype=np.int64), statistics.documents)
    idf = np.concatenate([idf, rarest * np.float32(_UNKNOWN)])
    words = weigh(count_in(rows, ids, max(len(idf), 1)), idf, len(texts))
    return Read(texts, words, has_code)


def grams_in(texts: Sequence[Text], statistics: Statistics) -> Rows:
    """Texts as rows of character triples."""
    triples = count_in(*grams_of([text.spelt for text in texts]), GRAM_SPACE)
    return weigh(triples, statistics.gram_idf, len(texts))


def _are_codes(words: Collection[str]) -> NDArray[np.bool_]:
    return np.fromiter(map(is_code, words), bool, len(words))


class TextIndex:
    """Entries that are found by their words; never changed once it is made."""

    def __init__(self, texts: Sequence[Text], statistics: Statistics) -> None:
        self.statistics = statistics
        self.width = len(statistics.vocabulary)
        self.count = len(texts)
        entries = read(texts, statistics)
        self._words, self._has_code = entries.words, entries.has_code
        self._grams = grams_in(texts, statistics)
        self._postings = turned(self._words, self.width, _TOO_COMMON)
        self._spans = self._postings.lengths

    def search(self, asked: Read, hidden: NDArray[np.bool_] | None, least: float) -> Candidates:
        """The best of each text. What will not score `least` has 0; `hidden` ones are left out."""
        rows, documents = self._found_by_rare_words(asked.words, hidden)
        by_words, agree = compare(
            asked.words, self._words, (rows, documents), self.width, self.statistics.is_code
        )
        scores = np.zeros(len(rows), dtype=np.float32)
        worth = np.flatnonzero(by_words >= least * _BY_WORDS)
        closer, place = np.unique(rows[worth], return_inverse=True)
        grams = grams_in([asked.texts[row] for row in closer.tolist()], self.statistics)
        by_grams, _agree = compare(grams, self._grams, (place, documents[worth]), GRAM_SPACE)
        scores[worth] = (by_words[worth] + by_grams) / 2
        conflict = asked.has_code[rows] & self._has_code[documents] & ~agree
        scores[conflict] *= FACTOR
        order = np.lexsort((documents, -scores, rows))
        return Candidates(rows[order], documents[order], scores[order])

    def _found_by_rare_words(
        self, words: Rows, hidden: NDArray[np.bool_] | None
    ) -> tuple[Ints, Ints]:
        """The BEST candidates of each row by its rarest words: (row, entry), by row."""
        rows = np.repeat(np.arange(words.count), words.lengths)
        known = np.flatnonzero(words.ids < self.width)
        known = known[self._spans[words.ids[known]] > 0]
        rarity = self._spans[words.ids[known]]
        known = known[np.lexsort((rarity, rows[known]))]
        known = known[self._leading(rows[known], words.ids[known])]
        places, owners = self._postings.spread(words.ids[known].astype(np.int64))
        documents = self._postings.ids[places].astype(np.int64)
        pairs = rows[known][owners] * self.count + documents
        weights = words.weights[known][owners] * self._postings.weights[places]
        if hidden is not None:
            seen = ~hidden[documents]
            pairs, weights = pairs[seen], weights[seen]
        return self._best_of(pairs, weights)

    def _best_of(self, pairs: Ints, weights: Floats) -> tuple[Ints, Ints]:
        """The BEST pairs (row · count + entry) of each row by the sum of their weights.

        Pair and weight are packed into one whole number, which sorts far faster than an order of
        two keys, and sums exactly whatever stands beside them.
        """
        packed = np.sort(pairs * _FINE + (weights * _FINE).astype(np.int64))
        if not len(packed):
            return packed, packed
        pairs = packed // _FINE
        starts = run_starts(pairs)
        sums = np.add.reduceat(packed % _FINE, starts)
        rows, documents = np.divmod(pairs[starts], self.count)
        ranked = np.sort((rows * _FINE + np.maximum(_FINE - 1 - sums, 0)) * self.count + documents)
        rows = ranked // (_FINE * self.count)
        best = place_in_run(rows) < BEST
        return rows[best], ranked[best] % self.count

    def _leading(self, rows: Ints, ids: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which words lead to candidates, of words in the order of their rarity in each row."""
        lengths = self._spans[ids]
        before = np.cumsum(lengths) - lengths
        place = place_in_run(rows)
        within = before - before[np.arange(len(rows)) - place]
        leading: NDArray[np.bool_] = (place < _RAREST) & (within < _ENOUGH)
        return leading
