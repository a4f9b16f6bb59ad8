"""What must hold before a process serves anybody."""

import logging
from itertools import chain
from typing import Any

from celery import bootsteps
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from surveillance.operations.doctor import database

logger = logging.getLogger(__name__)


def refuse_unbound_role() -> None:
    """Raises ImproperlyConfigured where the database's role is a superuser, bypasses row-level
    security or owns tables, or cannot become the role of outsiders: platforms would see each
    other. A database that is away is waited for elsewhere.
    """
    try:
        faults = list(chain(database.role_owns_nothing(), database.outsiders_have_a_role()))
    except OperationalError as problem:
        logger.warning("the database's role could not be looked at: %s", problem)
        return
    finally:
        connection.close()
    if faults:
        raise ImproperlyConfigured(" ".join(f"{fault.what} {fault.mend}" for fault in faults))


class RoleStep(bootsteps.Step):
    """A worker starts only as a role that the walls bind."""

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        refuse_unbound_role()
