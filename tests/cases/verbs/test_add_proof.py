"""item.add_proof: the platform shows that the listing is gone, or why it refuses."""

from cases.flows import evidence
from cases.models import Evidence
from tests.cast import photo
from tests.contract import VerbContract


class TestAddProof(VerbContract):
    transition = evidence.ADD_TO_ITEM
    begin = "item"
    by = "dot"
    repeatable = True

    def perform(self, row, by):
        return evidence.add_proof(row, by=by, file=photo(), note="A screenshot.")


def test_the_platform_and_the_desk_see_it_the_rival_does_not(story, cast):
    item = story.item()
    kept = evidence.add_proof(item, by=story.dot, file=photo())
    assert (kept.item, kept.case, kept.kind) == (item, item.takedown.case, "proof_of_removal")
    for name, sees in {"dot": True, "ana": True, "dev": False, "eve": False}.items():
        assert Evidence.objects.visible_to(cast.actor(name)).contains(kept) is sees
