"""The letters to platforms that a webhook can choose among."""

from django.utils.translation import gettext_lazy as _

from cases.letters import appeals, contests, formal, to_platform
from surveillance.webhooks.events import Event

EVENTS = [
    Event(to_platform.TakedownIssued.NAME, _("a takedown request is issued")),
    Event(to_platform.TakedownReminder.NAME, _("a deadline comes near")),
    Event(to_platform.DeadlineMissed.NAME, _("a deadline has passed")),
    Event(formal.FormalLetterSent.NAME, _("a formal letter is sent")),
    Event(to_platform.ItemDecided.NAME, _("the authority has decided on an answer")),
    Event(appeals.AppealDecided.NAME, _("the authority has decided about an appeal")),
    Event(contests.ContestDecided.NAME, _("a contest of a seller's tier is decided")),
    Event(to_platform.ExtensionDecided.NAME, _("more time is granted or refused")),
    Event(to_platform.TakedownWithdrawn.NAME, _("a request is taken back")),
]
