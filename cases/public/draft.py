"""A report that is being written: answers by step, kept in the session until it is sent."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from cases.flows.reports import Reporter, ReportFacts
from cases.public.forms import STEPS, StepForm

_KEY = "report_draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """`forms` holds a bound, validated form for each step answered so far."""

    forms: dict[str, StepForm]

    @classmethod
    def of(cls, request: HttpRequest) -> "Draft":
        """Answers are checked again each time: what was right may have become wrong."""
        kept = request.session.get(_KEY, {})
        forms = {name: STEPS[name](answers) for name, answers in kept.items() if name in STEPS}
        return cls({name: form for name, form in forms.items() if form.is_valid()})

    @property
    def is_begun(self) -> bool:
        return bool(self.forms)

    def first_open_step(self) -> str:
        """The first question without a right answer; "" when all have one."""
        return next((name for name in STEPS if name not in self.forms), "")

    def is_reachable(self, step: str) -> bool:
        """A question is asked once those before it have been answered."""
        names = list(STEPS)
        return all(name in self.forms for name in names[: names.index(step)])

    def facts(self, language: str) -> ReportFacts:
        """Only when no step is open."""
        given = {**self._given("product"), **self._given("place"), **self._given("incident")}
        return ReportFacts(
            **given,
            severity=self._given("injury")["severity"],
            source=self._given("contact")["source"],
            language=language,
        )

    def reporter(self) -> Reporter:
        given = self._given("contact")
        return Reporter(**{name: value for name, value in given.items() if name != "source"})

    def _given(self, step: str) -> dict[str, Any]:
        return self.forms[step].cleaned_data


def keep(request: HttpRequest, step: str, form: StepForm) -> None:
    request.session[_KEY] = {**request.session.get(_KEY, {}), step: form.answers()}


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
