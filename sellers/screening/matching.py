"""Offers against a register: identifiers first, then words as a suggestion."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sellers.screening import identifiers, judging, model_numbers
from sellers.screening.calibration import Thresholds
from sellers.screening.identifier_tables import IdentifierTables
from sellers.screening.offers import CERTAIN, Entry, Match, Offer
from sellers.screening.text_index import Statistics, TextIndex, read, statistics_of
from sellers.screening.words import Text

_AT_ONCE = 1_024  # offers; more at once cost memory, fewer cost time


Scored = list[tuple[Entry, float]]


class Segment:
    """Entries with their tables; never changed once it is made."""

    def __init__(self, entries: Sequence[Entry], statistics: Statistics | None = None) -> None:
        texts = [Text.of(entry.name, entry.brand, *entry.models) for entry in entries]
        known = statistics_of(texts) if statistics is None else statistics.extended(texts)
        self.entries = entries
        self.tables = IdentifierTables.of(entries)
        self.index = TextIndex(texts, known)


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment as a register sees it: without the entries that have changed since or are gone."""

    segment: Segment
    hidden: NDArray[np.bool_] | None = None

    def by_identifiers(
        self, offer: Offer, gtins: Sequence[str], codes: Sequence[str], models: Sequence[str]
    ) -> Iterator[Match]:
        """What carries one of these keys, and what that is worth for this offer."""
        tables = self.segment.tables
        for gtin, entry in self._carrying(tables.gtins, gtins):
            yield judging.same_gtin(entry, gtin)
        for code, entry in self._carrying(tables.codes, codes):
            yield judging.same_code(entry, code)
        for model, entry in self._carrying(tables.models, models):
            match = judging.same_model(offer, entry, model)
            if match is not None:
                yield match

    def _carrying(
        self, table: Mapping[str, tuple[int, ...]], keys: Sequence[str]
    ) -> Iterator[tuple[str, Entry]]:
        if table.keys().isdisjoint(keys):
            return
        for key in dict.fromkeys(keys):
            for place in table.get(key, ()):
                if self.hidden is None or not self.hidden[place]:
                    yield key, self.segment.entries[place]


class Register:
    """All entries, most of them in one large segment and what changed lately in a small one."""

    def __init__(self, parts: Sequence[_Part], thresholds: Thresholds) -> None:
        self._parts = parts
        self._thresholds = thresholds

    @classmethod
    def of(cls, entries: Iterable[Entry], thresholds: Thresholds) -> "Register":
        return cls([_Part(Segment(list(entries)))], thresholds)

    def updated(self, changed: Sequence[Entry], gone: Collection[int]) -> "Register":
        """With `changed` entries new or in place of those of their key, and without `gone` ones.

        The large segment stays as it is, so that this costs what has changed, not what exists.
        """
        large, small = self._parts[0], self._parts[1:]
        replaced = {*gone, *(entry.key for entry in changed)}
        earlier = (entry for part in small for entry in part.segment.entries)
        fresh = [*(entry for entry in earlier if entry.key not in replaced), *changed]
        keys = (entry.key in replaced for entry in large.segment.entries)
        hidden = np.fromiter(keys, bool, len(large.segment.entries))
        if large.hidden is not None:
            hidden |= large.hidden
        parts = [_Part(large.segment, hidden)]
        if fresh:
            parts.append(_Part(Segment(fresh, large.segment.index.statistics)))
        return Register(parts, self._thresholds)

    def check(self, offers: Iterable[Offer], source: str = "") -> Iterator[list[Match]]:
        """The matches of each offer, the most certain first; `source`: where they are from."""
        waiting = iter(offers)
        while chunk := list(islice(waiting, _AT_ONCE)):
            yield from self._check(chunk, self._thresholds.of(source))

    @property
    def in_small_segment(self) -> int:
        """Entries that changed since the large segment was made: too many slow every check down."""
        return sum(len(part.segment.entries) for part in self._parts[1:])

    def candidates(self, texts: Sequence[Text], least: float = 0.0) -> dict[int, Scored]:
        """The best few by their words for each text, by its place; the best first.

        Texts of which not even the best reaches `least` are left out.
        """
        statistics = self._parts[-1].segment.index.statistics  # the last knows all words
        asked = read(texts, statistics)
        found: dict[int, Scored] = defaultdict(list)
        for part in self._parts:
            some = part.segment.index.search(asked, part.hidden, least).reaching(least)
            for row, document, score in some.pairs():
                found[row].append((part.segment.entries[document], score))
        if len(self._parts) > 1:
            for scored in found.values():
                scored.sort(key=lambda pair: (-pair[1], pair[0].key))
        return found

    def _check(self, offers: Sequence[Offer], threshold: float) -> Iterator[list[Match]]:
        titles = [Text.of(offer.title) for offer in offers]
        found = list(map(self._by_identifiers, offers, titles))
        open_ = [at for at, some in enumerate(found) if not _decided(some)]
        texts = [titles[at].and_also(offers[at].brand, offers[at].model) for at in open_]
        for place, candidates in self.candidates(texts, threshold).items():
            at = open_[place]
            known = {match.key for match in found[at]}
            found[at] += judging.by_words(offers[at], candidates, threshold, known)
        return iter(found)

    def _by_identifiers(self, offer: Offer, title: Text) -> list[Match]:
        models = model_numbers.keys_among(title.tokens)
        gtins, codes = identifiers.keys_of_field(offer.code)
        gtins = (*gtins, *identifiers.keys_among(models))
        if offer.model:
            models = [*model_numbers.keys_of_field(offer.model), *models]
        best: dict[int, Match] = {}
        for part in self._parts:
            for match in part.by_identifiers(offer, gtins, codes, models):
                if match.key not in best or match.confidence > best[match.key].confidence:
                    best[match.key] = match
        return sorted(best.values(), key=lambda match: (-match.confidence, match.key))


def _decided(matches: Iterable[Match]) -> bool:
    return any(match.confidence >= CERTAIN for match in matches)
