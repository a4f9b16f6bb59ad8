"""alert.draft: an alert of our own is written."""

from sellers.flows import products
from sellers.models import Alert
from surveillance.accounts.actor import PUBLIC
from tests.contract import CreationContract


class TestDraftAlert(CreationContract):
    transition = products.DRAFT_ALERT
    model = Alert
    begin = "product"

    def perform(self, ground, by):
        return products.draft_alert(
            ground,
            by=by,
            title="Magnetic cubes recalled",
            hazard="Swallowed magnets perforate the bowel.",
            what_to_do="Stop using them.",
        )


def test_the_public_does_not_see_it_yet(story):
    alert = story.draft_alert()
    assert alert.source == Alert.Source.OWN
    assert not Alert.objects.visible_to(PUBLIC).contains(alert)
