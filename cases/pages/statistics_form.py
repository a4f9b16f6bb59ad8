"""What the statistics are about: platform, kind, regime, period; it stands in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import MonthField
from cases.stats.scope import Scope
from sellers.models import Platform
from surveillance.accounts.actor import Actor
from surveillance.calendars.models import Kind, Regime
from surveillance.web.forms import DateInput


class ScopeForm(forms.Form):
    platform = forms.ModelChoiceField(
        label=_("Platform"),
        queryset=Platform.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("all"),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("all")), *Kind.choices], required=False
    )
    regime = forms.ChoiceField(label=_("Regime"), required=False)
    issued_from = forms.DateField(label=_("Issued from"), widget=DateInput, required=False)
    issued_to = forms.DateField(label=_("Issued to"), widget=DateInput, required=False)
    month = MonthField(label=_("Month"), widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform"].queryset = Platform.objects.visible_to(actor)
        regimes = Regime.objects.current().order_by("code").values_list("code", "name")
        self.fields["regime"].choices = [("", _("all")), *regimes]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        begins, ends = given.get("issued_from"), given.get("issued_to")
        if begins and ends and begins > ends:
            self.add_error("issued_to", gettext("The period ends before it begins."))
        return given

    def scope(self) -> Scope:
        """Only for a valid form."""
        return Scope(**self.cleaned_data)
