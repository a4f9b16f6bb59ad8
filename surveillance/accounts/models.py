"""People, the organisations and offices they belong to."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.rights import PLATFORM_SIDE, STAFF, Role

ROLE_TITLES = {
    Role.INSPECTOR: _("inspector"),
    Role.SUPERVISOR: _("supervisor"),
    Role.ADMINISTRATOR: _("administrator"),
    Role.AGENT: _("platform agent"),
    Role.PLATFORM_MANAGER: _("platform manager"),
    Role.FOREIGN_AUTHORITY: _("foreign authority"),
}


class Organisation(models.Model):
    """An authority, the company behind a platform, or a partner who sends reports (a consumer
    group, a business, a test house): what its members see is one world."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", _("authority")
        PLATFORM = "platform", _("platform")
        FOREIGN_AUTHORITY = "foreign_authority", _("foreign authority")
        PARTNER = "partner", _("partner")

    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=200, unique=True)
    jurisdiction = models.CharField(
        max_length=2, help_text=_("two letters, ISO 3166-1; EU for the Union")
    )
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=40, default="UTC")
    contact_email = models.EmailField(blank=True)

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="offices")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="office_name_unique")
        ]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def members_of(self, organisation_id: int) -> "UserQuerySet":
        return self.active().filter(organisation_id=organisation_id)

    def with_role(self, *roles: Role) -> "UserQuerySet":
        return self.active().filter(role__in=roles)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person with an account. Signs in with the e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(
        max_length=20,
        choices=ROLE_TITLES.items(),
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="users")
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="users")
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=40, default="UTC")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    # {route of a list: reference of the saved view that comes first there}: read with the person,
    # in no query of its own
    default_views = models.JSONField(default=dict, db_default={})

    second_factors: list[int]  # of the user of a request (accounts/backends.py)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="email_in_lower_case"
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=sorted(STAFF)) | models.Q(office__isnull=False),
                name="staff_have_an_office",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="user_organisation_role")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_desk_user(self) -> bool:
        return self.role in STAFF

    @property
    def is_platform_user(self) -> bool:
        return self.role in PLATFORM_SIDE
