"""Is this product known to be unsafe? Offers against the entries of a register. Pure.

    register = Register.of(entries, thresholds)
    register.check([Offer(title="ECHO PB-5810H leaf blower")])   # a list of matches per offer

Five rules: identifiers are compared whole and never fuzzily; a model number decides only together
with its brand; text only proposes; a table of identifiers first, then a pruned index of words,
then a closer look at the five best; thresholds are chosen without labels (`calibration`).
Everything is deterministic: the same register and the same offer give the same answer.
"""

from sellers.screening.matching import Register
from sellers.screening.offers import Basis, Decision, Entry, Match, Offer

__all__ = ["Basis", "Decision", "Entry", "Match", "Offer", "Register"]
