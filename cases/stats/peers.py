"""What others publish, for context beside our own figures. Facts, each with its source."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class PeerFigure:
    figure: str
    what: Promise
    source: str


PEERS = (
    PeerFigure(
        "87.36 %",
        _("of identified listings removed within 2 working days, EU pledge, 2018–19"),
        "European Commission",
    ),
    PeerFigure(
        "98 %", _("removed within 2 business days, Australian pledge; over 90 % before"), "ACCC"
    ),
    PeerFigure("23.7 %", _("of blocked products came back, Korea, 2019"), "KATS"),
    PeerFigure("87 %", _("of banned or recalled products still on sale, sweep of 2021"), "OECD"),
)
