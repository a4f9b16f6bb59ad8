"""The settings of the lean pages: ours, with sessions and sign-in as the only middleware."""

from surveillance import settings as _ours

globals().update({name: value for name, value in vars(_ours).items() if name.isupper()})
ROOT_URLCONF = "cases.bench.lean"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # allauth refuses to start without it
]
