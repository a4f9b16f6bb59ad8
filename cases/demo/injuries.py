"""Injury scenarios for what consumers write of, by its words: (EU) 2019/417 wants a severity and
the probability of each step to the injury."""

from dataclasses import dataclass
from fractions import Fraction

from cases.risk import Scenario, Step
from surveillance.search_text import folded


@dataclass(frozen=True, slots=True)
class Injury:
    """`words`: any of them in the text tells of it. `steps`: what happens, with its odds."""

    words: tuple[str, ...]
    text: str
    severity: int
    steps: tuple[tuple[str, str], ...]

    def scenario(self) -> Scenario:
        steps = tuple(Step(text, Fraction(odds)) for text, odds in self.steps)
        return Scenario(self.text, self.severity, steps)


INJURIES = (
    Injury(
        ("magnet", "button cell", "battery", "swallow"),
        "A swallowed part burns or perforates the gullet", 4,
        (("a child gets hold of the loose part", "1/10"), ("and swallows it", "1/40")),
    ),
    Injury(
        ("chok", "small part", "came off", "mouth"),
        "A small part blocks the airway", 4,
        (("the part comes off in use", "1/8"), ("a child puts it into its mouth", "1/20"),
         ("it blocks the airway", "1/50")),
    ),
    Injury(
        ("strangl", "cord", "neck"),
        "A cord around the neck strangles", 4,
        (("the cord is longer than allowed", "1"), ("it catches while sleeping", "1/2000")),
    ),
    Injury(
        ("fire", "smoke", "hot", "burn", "melt", "flame"),
        "Burns from a product that overheats", 3,
        (("it overheats", "1/50"), ("somebody touches it", "1/10")),
    ),
    Injury(
        ("shock", "electric"),
        "An electric shock", 4,
        (("a live part can be touched", "1/100"), ("somebody touches it", "1/10")),
    ),
    Injury(
        ("cut", "sharp", "lacerat", "finger", "pinch"),
        "A cut or a caught finger", 2,
        (("the edge or the lock gives way", "1/20"), ("a finger is there", "1/10")),
    ),
    Injury(
        ("fall", "fell", "collapse", "tip"),
        "A fall breaks a bone", 3,
        (("it gives way under a child", "1/40"), ("the child falls onto something hard", "1/5")),
    ),
)  # fmt: skip
OTHER = Injury(
    (), "An injury when it breaks in use", 2,
    (("it breaks in use", "1/50"), ("somebody is hurt by it", "1/10")),
)  # fmt: skip


def injury_told_of(text: str) -> Injury:
    told = folded(text)
    return next((injury for injury in INJURIES if any(w in told for w in injury.words)), OTHER)
