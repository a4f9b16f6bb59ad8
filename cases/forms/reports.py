"""What the verbs of a report ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import RowField, focused, text_area
from cases.models import Case, Report
from surveillance.web.verbs import FactsForm


class AcceptForm(FactsForm):
    title = forms.CharField(
        label=_("Title of the new case"),
        max_length=300,
        required=False,
        widget=focused(),
        help_text=_("A new case is opened and is yours, unless you name one below."),
    )
    case = RowField(
        label=_("Existing case"),
        required=False,
        help_text=_("Its reference, such as C-2026-000045."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].rows = Case.objects.visible_to(self.actor).open()
        title = " ".join(filter(None, [self.row.brand, self.row.product_name]))
        self.fields["title"].initial = title[:300]


class AskReporterForm(FactsForm):
    question = forms.CharField(
        label=_("Question"),
        widget=text_area(5, autofocus="autofocus"),
        help_text=_("It is sent by e-mail as you write it. The report waits for the answer."),
    )


class DuplicateForm(FactsForm):
    original = RowField(
        label=_("Duplicate of"),
        widget=focused(),
        help_text=_("The reference of the report that says the same."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Report.objects.visible_to(self.actor).exclude(pk=self.row.pk)
        self.fields["original"].rows = others
        closest = others.similar_to(self.row).first()
        if closest:
            self.fields["original"].initial = closest.reference
            self.fields["original"].help_text = gettext(
                "Filled in: the most similar report, “%(product)s”. Change it if you mean another."
            ) % {"product": closest}


class DismissForm(FactsForm):
    GROUNDS = {
        "no_hazard": _("No hazard to safety is described."),
        "not_a_product": _("It is not about a consumer product."),
        "not_ours": _("Another authority is competent."),
        "too_little": _("There is too little to go on."),
        "other": _("Another reason, written below."),
    }
    ground = forms.ChoiceField(
        label=_("Why is there nothing to follow up?"),
        choices=list(GROUNDS.items()),
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )
    reason = forms.CharField(label=_("In your own words"), required=False, widget=text_area(3))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("ground") == "other" and not given.get("reason"):
            self.add_error("reason", gettext("Write the reason here."))
        return given

    def facts(self) -> dict[str, Any]:
        ground, words = self.cleaned_data["ground"], self.cleaned_data["reason"]
        standard = "" if ground == "other" else str(self.GROUNDS[ground])
        return {"reason": " ".join(filter(None, [standard, words]))}
