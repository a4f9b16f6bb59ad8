"""Chance that can be told again: the same question under the same seed has the same answer.

So a play that goes on tomorrow, in another process, lives in the same world; and an inspector who
looks at a listing finds what the platform really did with it.
"""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dice:
    seed: int = 1

    def about(self, *question: object) -> random.Random:
        """Dice of their own for one question: dice.about("report", report.reference)."""
        return random.Random("/".join(map(str, (self.seed, *question))))

    def happens(self, share: float, *question: object) -> bool:
        """In `share` (0 to 1) of all cases."""
        return self.about(*question).random() < share
