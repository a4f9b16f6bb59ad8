"""Platforms: whom takedown requests are sent to."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Right
from surveillance.calendars.models import Calendar, Kind, Regime
from surveillance.flow import FlowModel


class PlatformQuerySet(models.QuerySet["Platform"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.is_staff or actor.may(Right.MANAGE_PLATFORM):
            return self
        if actor.is_platform:
            return self.filter(pk=actor.organisation_id)
        return self.none()

    def for_list(self) -> Self:
        return self.select_related("organisation")


class Platform(FlowModel):
    """An online marketplace, mall, social network or app. Shares the key of its organisation, so
    that an actor's `organisation_id` is the key of its platform."""

    class Sort(models.TextChoices):
        MARKETPLACE = "marketplace", _("marketplace")
        MALL = "mall", _("online mall")
        SOCIAL = "social", _("social network")
        APP = "app", _("app")

    LABEL = "platform"

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="platform"
    )
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    sort = models.CharField(_("kind of platform"), max_length=20, choices=Sort)
    website = models.URLField()
    jurisdiction = models.CharField(max_length=2)
    # The codes of the regimes that demands to this platform are made under.
    order_regime = models.CharField(max_length=40, blank=True)
    notice_regime = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    hours_set_at = models.DateTimeField(null=True)  # language, time zone, calendar: by the platform
    # The code of the calendar its people work by; empty: that of its jurisdiction.
    working_calendar = models.CharField(max_length=40, blank=True, default="", db_default="")

    objects = PlatformQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_reference(self) -> str:
        return self.slug

    def calendar(self) -> Calendar | None:
        """When its people are at work: by the calendar it has chosen, else its jurisdiction's. None
        where there is none. Limits are counted by the calendar of their rule instead."""
        current = Calendar.objects.current()
        if self.working_calendar:
            chosen: Calendar | None = current.filter(code=self.working_calendar).first()
            return chosen
        by_jurisdiction = current.filter(jurisdiction=self.jurisdiction).order_by("code")
        found: Calendar | None = by_jurisdiction.first()
        return found

    def regime_code(self, kind: str) -> str:
        return self.order_regime if kind == Kind.ORDER else self.notice_regime

    def regimes(self) -> list[Regime]:
        """The current rules for orders and for notices, where there are any."""
        codes = [code for code in (self.regime_code(kind) for kind in Kind.values) if code]
        return list(Regime.objects.current().filter(code__in=codes).order_by("-kind"))

    def regime(self, kind: str) -> Regime | None:
        """The current version of the rule for this kind of demand; None where there is none."""
        regime: Regime | None = (
            Regime.objects.current().filter(code=self.regime_code(kind), kind=kind).first()
        )
        return regime


class ContactPoint(models.Model):
    """Where a platform is written to, in the language it asked for."""

    class Purpose(models.TextChoices):
        DEMANDS = "demands", _("demands")
        ESCALATION = "escalation", _("escalation")

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="contact_points")
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.DEMANDS)
    name = models.CharField(max_length=150)
    email = models.EmailField()
    language = models.CharField(max_length=10, default="en")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "purpose", "email"], name="contact_point_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


class PlatformRemark(models.Model):
    """What a platform says to its own numbers; the last word stands, the trail keeps the others."""

    MOST = 1_000

    platform = models.OneToOneField(
        Platform, models.CASCADE, primary_key=True, related_name="remark"
    )
    text = models.TextField(max_length=MOST)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.platform}: {self.text[:60]}"


class RegimeAcceptance(models.Model):
    """A platform's word that it knows the rule which demands to it are made under: which version,
    when, and by whom. A new version is accepted anew."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="acceptances")
    regime = models.ForeignKey(Regime, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "regime"], name="a_rule_is_accepted_once")
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.regime}"
