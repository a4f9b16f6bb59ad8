"""How forms come out: every `{{ form }}` uses the field templates of `templates/django/forms/`."""

from abc import ABCMeta

from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass
from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Forms and widgets through the project's own template engine, so that ours come first.

    `FORM_RENDERER` names this class. `{{ form }}` gives an error summary with links to the
    fields and then each field with label, hint, errors and control joined by
    `aria-describedby`; `{{ field.as_field_group }}` gives one field in the same way.
    """

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"


class _AbstractForms(ABCMeta, DeclarativeFieldsMetaclass):
    """Forms that can be abstract."""


class AbstractForm(forms.Form, metaclass=_AbstractForms):
    """The base of forms that leave a method to those that are used."""


class DateInput(forms.DateInput):
    """A day, picked with the browser's own calendar (which wants and sends ISO 8601)."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")
