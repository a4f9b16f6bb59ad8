"""The link by which a new person sets a first password: that of a forgotten one, unasked."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from surveillance.accounts.models import User


def password_link(user: User) -> str:
    """Good for one password, within PASSWORD_RESET_TIMEOUT (three days)."""
    where = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=where)


def send_invitation(user: User) -> None:
    """By mail, at once and not through the outbox: the link must be kept nowhere. Raises OSError
    or SMTPException when the mail server does not take it."""
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    with translation.override(user.language):
        told = _(
            "%(name)s, an account has been made for you at %(address)s.\n\n"
            "Set your password within %(days)s days: %(link)s\n\n"
            "Afterwards you sign in with this e-mail address. If the link is too old, ask for a new"
            " one under “Forgotten password”."
        ) % {
            "name": user.name,
            "address": settings.BASE_URL,
            "days": days,
            "link": password_link(user),
        }
        send_mail(_("Your account"), told, settings.DEFAULT_FROM_EMAIL, [user.email])
