"""All settings, everything from the environment. `surveillance/checks.py` says what is wrong.

| variable | meaning |
|---|---|
| DATABASE_URL | PostgreSQL, as a role that owns nothing (migrate runs as the owner) |
| REDIS_URL | Redis or Valkey: Celery's broker and the cache |
| EMAIL_URL | smtp+tls://user:password@host:587, consolemail://, filemail://… |
| STORAGE_URL | file:///folder or s3://key:secret@bucket?endpoint=https://…&region=… |
| SECRET_KEY | long and random; ./run makes one of its own |
| BASE_URL | where people reach this installation; links in letters begin with it |
| ALLOWED_HOSTS, DEBUG, EMAIL_FROM | as their names say |
| AUTHORITY_LANGUAGE, AUTHORITY_TIME_ZONE | for those who have not chosen |
| STATIC_ROOT | where collectstatic puts files |
| BOUNCE_MAILBOX_URL | imaps://user:password@host/FOLDER: where letters come back to |
| SECRET_KEY_FALLBACKS | former SECRET_KEYs: what they sealed or signed still opens |
| WEBHOOKS_MAY_CALL_PRIVATE | 1: webhooks may call addresses of our own network (trials) |
| TRUSTED_PROXIES | how many proxies of ours stand in front: whose X-Forwarded-For is believed |
| SECOND_FACTOR | required (the default) or offered (the demo's): of everybody with an account |
| SURVEILLANCE_DEMO | 1: every page carries the demo's bar, with its clock and its people |
| LOG_FORMAT, LOG_LEVEL | json (production) or line (for people); INFO |
| LETTERS_AN_HOUR | what is beyond is held until an administrator decides: 2000; 0 is no limit |
| BACKUP_FOLDER | where manage.py backup writes; the doctor looks how old the last one is |
| METRICS_TOKEN | what Prometheus sends to read /metrics; without it there is no /metrics |
| API_READS_A_MINUTE, API_WRITES_A_MINUTE | calls of one key or person: 600 and 120 |
| API_PUBLIC_CALLS_A_MINUTE | calls without a key, or with a wrong one, from one address: 60 |
"""

import logging
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from surveillance.operations import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("SURVEILLANCE_DEMO", False)
SECRET_KEY = env.str("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = env.str("BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)  # our own throttles ask allauth too

INSTALLED_APPS = [
    "surveillance.web",
    "surveillance.accounts",
    "surveillance.agents",
    "surveillance.audit",
    "surveillance.calendars",
    "surveillance.outbox",
    "surveillance.jobs",
    "surveillance.keys",
    "surveillance.idempotency",
    "surveillance.webhooks",
    "surveillance.timemachine",
    "surveillance.saved_views",
    "surveillance.operations",
    "cases",
    "sellers",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "template_partials",
    "django_htmx",
    "heroicons",
    "django_filters",
    "django_tables2",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "surveillance.operations.middleware.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "surveillance.web.icons.RepeatedIconsMiddleware",
    "surveillance.web.middleware.SecondFactorMiddleware",
    "surveillance.web.middleware.ReaderLanguageMiddleware",
    "surveillance.web.middleware.RaisedAnswersMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "surveillance.urls"
WSGI_APPLICATION = "surveillance.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "surveillance.web.context.page",
                "surveillance.operations.context.waiting",
                "cases.demo.context.bar",
            ],
        },
    }
]
FORM_RENDERER = "surveillance.web.forms.FormRenderer"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# --- Database -------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.db("DATABASE_URL", "postgresql:///surveillance"),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
# Texts that share half of their trigrams are alike: with PostgreSQL's own 0.3, most of what is
# found among many rows is chance.
DATABASES["default"]["OPTIONS"] = {
    "options": "-c pg_trgm.similarity_threshold=0.5",
    **DATABASES["default"].get("OPTIONS", {}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache and jobs -------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db="),
        "OPTIONS": {"socket_timeout": 1},  # seconds: a cache that is away holds nobody up
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_timeout": 10}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 540
CELERY_TASK_SOFT_TIME_LIMIT = 480
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}

# --- Accounts -------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["surveillance.accounts.backends.UserWithOrganisation"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "surveillance.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Guesses that are evaluated, of a password and of a code. Of one account: those from elsewhere and
# those from a browser that its owner has signed in from (surveillance/accounts/known_browsers.py).
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,10/h/key", "change_password": "10/h/user"}
SECOND_FACTOR = env.str("SECOND_FACTOR", "offered" if DEMO else "required")
MFA_ADAPTER = "surveillance.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are made by a link that was mailed to the address
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_LOGOUT_REDIRECT_URL = "public-home"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- Security -------------------------------------------------------------------------------
_https = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^metrics$"]  # asked from within, past the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_HSTS_PRELOAD = _https
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "object-src": [SELF],
        "manifest-src": [SELF],
    }
}
CSRF_FAILURE_VIEW = "surveillance.web.errors.csrf_failure"

# --- Languages and time ---------------------------------------------------------------------
LANGUAGE_CODE = env.str("AUTHORITY_LANGUAGE", "en")
LANGUAGES = [("en", _("English")), ("zh-hant", _("Traditional Chinese")), ("ja", _("Japanese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
AUTHORITY_TIME_ZONE = env.str("AUTHORITY_TIME_ZONE", "UTC")

# --- Files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
WHITENOISE_USE_FINDERS = DEBUG
UPLOAD_LIMIT = 10 * 1024 * 1024  # bytes a file
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024


def file_storage(url: str) -> dict[str, object]:
    """STORAGE_URL as an entry of Django's STORAGES: file:///folder or s3://key:secret@bucket."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": unquote(parts.path), "base_url": None},
        }
    if parts.scheme == "s3":
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": parts.hostname,
                "access_key": unquote(parts.username or ""),
                "secret_key": unquote(parts.password or ""),
                "endpoint_url": query.get("endpoint"),
                "region_name": query.get("region"),
                "file_overwrite": False,
                "querystring_auth": True,
            },
        }
    raise ImproperlyConfigured(
        f"STORAGE_URL begins with {parts.scheme!r}; it must be file:///folder or s3://key:secret@bucket"
    )


STORAGES = {
    "default": file_storage(env.str("STORAGE_URL", f"file://{BASE_DIR / 'var' / 'files'}")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedStaticFilesStorage"
    },
}

# --- E-mail ---------------------------------------------------------------------------------
_email = env.email("EMAIL_URL", f"filemail://{BASE_DIR / 'var' / 'mail'}")
if _email.get("EMAIL_BACKEND", "").endswith("filebased.EmailBackend"):
    _email["EMAIL_FILE_PATH"] = f"/{_email['EMAIL_FILE_PATH']}"  # the URL's path is absolute
globals().update(_email)
EMAIL_TIMEOUT = 20
WEBHOOKS_MAY_CALL_PRIVATE = env.bool("WEBHOOKS_MAY_CALL_PRIVATE", False)
EMAIL_FROM = env.str("EMAIL_FROM", "Product Safety Surveillance <surveillance@example.org>")
DEFAULT_FROM_EMAIL = EMAIL_FROM
BOUNCE_MAILBOX_URL = env.str("BOUNCE_MAILBOX_URL", "")
LETTERS_AN_HOUR = env.int("LETTERS_AN_HOUR", 0 if DEMO else 2_000)  # the demo plays weeks in one

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "surveillance.web.api_schema.ProblemSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "surveillance.keys.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["surveillance.web.api.Filters"],
    "EXCEPTION_HANDLER": "surveillance.web.api.handle",
}
# Calls a minute; the demo's platforms live through weeks in one.
API_LIMITS = {
    "reads": env.int("API_READS_A_MINUTE", 1_000_000 if DEMO else 600),
    "writes": env.int("API_WRITES_A_MINUTE", 1_000_000 if DEMO else 120),
    "public": env.int("API_PUBLIC_CALLS_A_MINUTE", 60),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Product safety surveillance",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "surveillance.web.api_schema.link_operations",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "ItemState": "cases.models.takedown.ITEM_STATES",
        "TakedownState": "cases.models.takedown.TAKEDOWN_STATES",
        "ReportState": "cases.models.report.REPORT_STATES",
        "CaseState": "cases.models.case.CASE_STATES",
        "ListingState": "sellers.models.Listing.State",
        "WebhookState": "surveillance.webhooks.serializers.STATES",
        "MessageState": "surveillance.outbox.models.OutboxMessage.State",
        "ReportSource": "cases.models.Report.Source",
        "AlertSource": "sellers.models.Alert.Source",
        "DemandKind": "surveillance.calendars.models.Kind",
        "PlatformKind": "sellers.models.Platform.Sort",
        "IdentifierKind": "sellers.models.ProductIdentifier.Kind",
        "ExtensionState": "cases.models.Extension.State",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# --- Logs and metrics -----------------------------------------------------------------------
LOGGING = logs.configuration(
    env.str("LOG_FORMAT", "line" if DEBUG or DEMO else "json"), env.str("LOG_LEVEL", "INFO")
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_USER_ID_FIELD = ""  # the actor's label says who acts

METRICS_TOKEN = env.str("METRICS_TOKEN", "")
BACKUP_FOLDER = env.str("BACKUP_FOLDER", "")

# A letter is shown in a frame of our own pages; nobody else may frame us (frame-ancestors).
SILENCED_SYSTEM_CHECKS = ["security.W019"]
