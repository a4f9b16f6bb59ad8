"""Both, to show that the proof of the random kills then fails."""

from tests.journeys import forgetful
from tests.journeys.mortal import app

assert forgetful.claims.claim is forgetful.claim_and_forget
__all__ = ["app"]
