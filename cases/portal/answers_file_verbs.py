"""What a platform can do with a file of answers, as buttons."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from cases.flows import answer_files
from cases.models import AnswerFile
from surveillance.accounts.actor import Actor
from surveillance.web.guards import portal
from surveillance.web.verbs import VerbForm, VerbPages


def find(actor: Actor, reference: str) -> AnswerFile:
    rows = AnswerFile.objects.visible_to(actor).for_list()
    file: AnswerFile = get_object_or_404(rows, reference=reference)
    return file


FILE = VerbPages(
    prefix="portal-file",
    route="portal/files/<str:reference>",
    guard=portal,
    find=find,
    template="portal/verb.html",
    detail="portal-file",
    verbs=[
        VerbForm(
            answer_files.HAND_IN,
            answer_files.hand_in,
            tone="primary",
            icon="paper-airplane",
            consequence=_(
                "Each listing gets its answer and its clock stops. Refused rows are left out."
            ),
        ),
        VerbForm(
            answer_files.STOP,
            answer_files.stop,
            tone="danger",
            icon="x-mark",
            consequence=_("It stops before its next rows. Answers that were given stay."),
        ),
    ],
)
