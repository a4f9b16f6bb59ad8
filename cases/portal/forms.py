"""Forms of the portal: what a platform says of a listing, of many, or about the time it has."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows.items import Answer
from cases.models import Item
from cases.states import ITEM_ANSWERED, ItemState
from surveillance.web.verbs import FactsForm

OUTCOMES = [
    (ItemState.REMOVED.value, _("Removed: the listing can no longer be reached or bought")),
    (ItemState.NOT_FOUND.value, _("Not found: there is no listing at this address")),
    (ItemState.REFUSED.value, _("Refused: we do not remove it, for the ground below")),
    (ItemState.NEEDS_INFORMATION.value, _("We need information before we can answer")),
]


class ReplyForm(FactsForm):
    """The answer itself; what is missing is found by the verb's own check."""

    outcome = forms.ChoiceField(
        label=_("What have you done?"), choices=OUTCOMES, widget=forms.RadioSelect
    )
    ground = forms.ChoiceField(
        label=_("Ground of the refusal"),
        required=False,
        choices=[("", _("Only for a refusal: choose the ground")), *Item.Ground.choices],
    )
    text = forms.CharField(
        label=_("In your words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "For a refusal: why. For a question: what you need to know; the clock stands until the"
            " authority has told you."
        ),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                self.reply().check()
            except ValidationError as problem:
                self.refuse(problem)
        return given

    def reply(self, answer_id: str = "") -> Answer:
        given = self.cleaned_data
        return Answer(
            given["outcome"], answer_id=answer_id, ground=given["ground"], text=given["text"]
        )


class AnswerForm(ReplyForm):
    file = forms.FileField(
        label=_("Proof"),
        required=False,
        help_text=_("A screenshot or a PDF, at most 10 MB. It is kept with the listing."),
    )

    def facts(self) -> dict[str, Any]:
        return {"reply": self.reply(), "file": self.cleaned_data["file"]}


class CorrectionForm(ReplyForm):
    """Begins with the answer that stands. A question is not to be had: it is no answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome, ground, text = (self.fields[name] for name in ("outcome", "ground", "text"))
        outcome.choices = [one for one in OUTCOMES if one[0] in ITEM_ANSWERED]
        outcome.initial, ground.initial = self.row.state, self.row.ground
        text.initial = self.row.answer_text
        text.help_text = _("For a refusal: why.")

    def facts(self) -> dict[str, Any]:
        return {"reply": self.reply()}


class AnswerManyForm(ReplyForm):
    """One answer for the listings named in `numbers`: exactly those that the page has shown.

    `batch` makes the answers' ids, so that sending the page twice answers nothing twice.
    """

    numbers = forms.CharField(widget=forms.HiddenInput)
    batch = forms.UUIDField(widget=forms.HiddenInput)

    def clean_numbers(self) -> list[int]:
        try:
            return [int(number) for number in self.cleaned_data["numbers"].split(",")]
        except ValueError as problem:
            raise ValidationError(
                gettext("Choose the listings again: their numbers could not be read.")
            ) from problem

    def reply_for(self, item: Item) -> Answer:
        return self.reply(answer_id=f"portal:{self.cleaned_data['batch']}:{item.number}")


class ProofForm(FactsForm):
    file = forms.FileField(
        label=_("File"), help_text=_("A JPEG, PNG or WebP picture, or a PDF; at most 10 MB.")
    )
    note = forms.CharField(label=_("What it shows"), max_length=300, required=False)


class AppealForm(FactsForm):
    reason = forms.CharField(
        label=_("Why is the decision wrong?"), widget=forms.Textarea(attrs={"rows": 5})
    )
    file = forms.FileField(
        label=_("Proof"),
        required=False,
        help_text=_("A screenshot or a PDF, at most 10 MB. It is kept with the listing."),
    )


class ExtensionForm(FactsForm):
    working_days = forms.IntegerField(
        label=_("How many more working days?"), min_value=1, max_value=60
    )
    reason = forms.CharField(
        label=_("Why do you need them?"), widget=forms.Textarea(attrs={"rows": 4})
    )
