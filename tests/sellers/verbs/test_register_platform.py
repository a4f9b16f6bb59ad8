"""platform.register: a platform is taken in with its organisation and contact points."""

from sellers.flows import platforms
from sellers.flows.platforms import Contact, PlatformFacts
from sellers.models import Platform
from tests.contract import CreationContract

FACTS = PlatformFacts(
    slug="lantern",
    name="Lantern",
    sort=Platform.Sort.APP,
    website="https://lantern.example/",
    jurisdiction="TW",
    notice_regime="TW-COOPERATION",
    language="zh-hant",
    time_zone="Asia/Taipei",
    contacts=(Contact("Safety", "safety@lantern.example", language="zh-hant"),),
)


class TestRegisterPlatform(CreationContract):
    transition = platforms.REGISTER
    model = Platform
    by = "bo"

    def perform(self, ground, by):
        return platforms.register(FACTS, by=by)


def test_shares_the_key_of_its_organisation(cast):
    platform = platforms.register(FACTS, by=cast.actor("ada"))
    assert platform.pk == platform.organisation.pk
    assert platform.organisation.time_zone == "Asia/Taipei"


def test_is_written_to_in_the_language_it_asked_for(cast):
    platform = platforms.register(FACTS, by=cast.actor("ada"))
    contact = platform.contact_points.get()
    assert (contact.email, contact.language) == ("safety@lantern.example", "zh-hant")


def test_demands_stand_under_its_regimes(cast):
    platform = platforms.register(FACTS, by=cast.actor("ada"))
    assert platform.regime("notice").code == "TW-COOPERATION"
    assert platform.regime("order") is None
