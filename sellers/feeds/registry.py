"""The feeds by name. A new feed is one module with ``FEED``, one line here, one test."""

from collections.abc import Mapping

from sellers.feeds import cpsc, health_canada, oecd, saferproducts, safety_gate, safety_korea
from sellers.feeds.base import AlertRecord, Feed, IncidentRecord

INCIDENT_FEEDS: Mapping[str, Feed[IncidentRecord]] = {
    feed.name: feed for feed in (saferproducts.FEED,)
}
ALERT_FEEDS: Mapping[str, Feed[AlertRecord]] = {
    feed.name: feed
    for feed in (
        cpsc.FEED,
        safety_gate.FEED,
        health_canada.FEED,
        oecd.FEED,
        safety_korea.FEED,
    )
}
