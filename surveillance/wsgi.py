"""WSGI entry point. A database role that the walls do not bind is refused here."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "surveillance.settings")
application = get_wsgi_application()

from surveillance.operations.starting import refuse_unbound_role  # noqa: E402  (needs the apps)

refuse_unbound_role()
