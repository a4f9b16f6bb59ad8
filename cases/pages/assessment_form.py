"""The form of a risk assessment: injury scenarios, each with its steps. Works by submits alone.

Rows are added by a button that sends the form; rows left empty do not count. Field names:
`scenarios-0-injury`, `scenarios-0-severity`, `scenarios-0-steps-0-text`, `…-probability`, with
the usual management fields of formsets.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.formsets import DEFAULT_MAX_NUM, BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import risk

MORE_SCENARIOS = "scenarios"  # the value of the button "more"; a scenario's steps: their prefix
AT_MOST = 30


class StepForm(forms.Form):
    text = forms.CharField(label=_("What has to happen"), max_length=300)
    probability = forms.CharField(
        label=_("Probability"), max_length=60, widget=forms.TextInput(attrs={"size": 10})
    )

    def clean_probability(self) -> Any:
        try:
            return risk.parse_probability(self.cleaned_data["probability"])
        except risk.RiskInputError as problem:
            raise forms.ValidationError(str(problem).partition(": ")[2]) from problem

    def step(self) -> risk.Step:
        return risk.Step(self.cleaned_data["text"], self.cleaned_data["probability"])


StepFormSet = formset_factory(StepForm, extra=3, max_num=AT_MOST, absolute_max=DEFAULT_MAX_NUM)


class ScenarioForm(forms.Form):
    injury = forms.CharField(label=_("Injury"), max_length=300)
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("Choose")),
            *((number, f"{number} – {text}") for number, text in risk.SEVERITIES.items()),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = StepFormSet(self.data if self.is_bound else None, prefix=self.steps_prefix)

    @property
    def steps_prefix(self) -> str:
        return f"{self.prefix}-steps"

    def has_changed(self) -> bool:
        """A scenario counts as soon as anything stands in it, also in its steps alone."""
        return bool(super().has_changed() or self.steps.has_changed())

    def clean(self) -> dict[str, Any]:
        if not self.steps.is_valid():
            self.add_error(None, gettext("Mend the steps of this scenario."))
        elif not self._given_steps():
            self.add_error(None, gettext("Add at least one step with its probability."))
        return self.cleaned_data

    def scenario(self) -> risk.Scenario:
        """Only for a valid form."""
        steps = tuple(form.step() for form in self._given_steps())
        return risk.Scenario(self.cleaned_data["injury"], self.cleaned_data["severity"], steps)

    def _given_steps(self) -> list[StepForm]:
        return [form for form in self.steps if form.has_changed()]


class ScenarioFormSet(
    formset_factory(ScenarioForm, extra=1, max_num=AT_MOST, absolute_max=DEFAULT_MAX_NUM)  # type: ignore[misc]
):
    def clean(self) -> None:
        if not any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(gettext("Describe at least one injury scenario."))

    def assessment(self) -> risk.Assessment:
        """Only for valid forms."""
        return risk.assess([form.scenario() for form in self.forms if form.has_changed()])


def scenarios(data: Mapping[str, Any] | None) -> BaseFormSet:
    """The form as it was sent, or a first empty one."""
    return ScenarioFormSet(data, prefix=MORE_SCENARIOS)


def with_one_more(data: Any) -> Any:
    """What was sent, with one more row in the formset that its button "more" names."""
    grown = data.copy()
    name = f"{data.get('more', '')}-TOTAL_FORMS"
    if name in grown and str(grown[name]).isdigit():
        grown[name] = str(min(int(grown[name]) + 1, AT_MOST))
    new = f"{MORE_SCENARIOS}-{int(grown.get(f'{MORE_SCENARIOS}-TOTAL_FORMS') or 1) - 1}-steps"
    grown.setdefault(f"{new}-TOTAL_FORMS", "3")
    grown.setdefault(f"{new}-INITIAL_FORMS", "0")
    return grown
