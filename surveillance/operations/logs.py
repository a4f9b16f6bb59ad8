"""Logs as events with fields: JSON lines for machines (production), readable lines for people.

Each line of a request carries `request_id` and `actor`; each line of a job `task_id`, `task`, and
the two of the request that poked it. No line holds personal data: an actor is a label with a
number, a request is the name of its route (addresses may hold search words and keys), and of an
error JSON keeps where it happened, its message only when that speaks of machines.

Knows no settings: `surveillance/settings.py` asks it for LOGGING.
"""

import sys
from typing import Any

import structlog
from celery import current_task
from django.core.exceptions import ImproperlyConfigured
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

FORMS = ("json", "line")
# Errors whose message names a server, a module or an attribute. Any other message may quote what
# a person wrote: a refused row, an address, a search.
SPEAK_OF_MACHINES = frozenset(
    {
        "AttributeError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "ImportError",
        "ImproperlyConfigured",
        "ModuleNotFoundError",
        "NameError",
        "OperationalError",
        "TemplateDoesNotExist",
        "TimeoutError",
        "gaierror",
    }
)
# What others log about requests and jobs with paths and messages; our own lines say it once.
QUIETER = {
    "django.request": "CRITICAL",
    "django.security.csrf": "CRITICAL",
    "celery.app.trace": "CRITICAL",
    "celery.worker.strategy": "WARNING",
}

_frames = ExceptionDictTransformer(show_locals=False)


def error_without_quotation(exc_info: ExcInfo) -> list[dict[str, Any]]:
    """The chain of errors, the last first: type, frames, and the message where it is harmless."""
    chain = _frames(exc_info)
    for error in chain:
        if error["exc_type"] not in SPEAK_OF_MACHINES:
            del error["exc_value"], error["exc_notes"]
    return chain


def with_error_as_exc_info(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """An error that stands in the event itself goes where errors are formatted."""
    if isinstance(error := event.get("exception"), BaseException):
        del event["exception"]
        event.pop("error", None)
        event["exc_info"] = (type(error), error, error.__traceback__)
    return event


def with_task_name(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    if current_task:
        event.setdefault("task", current_task.name)
    return event


SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    with_task_name,
    with_error_as_exc_info,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configuration(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything goes to standard error, one event a line.

    Raises ImproperlyConfigured for a form that is not in FORMS.
    """
    if form not in FORMS:
        raise ImproperlyConfigured(f"LOG_FORMAT is {form!r}; it must be json or line")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "event": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *_renderers(form),
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: {"level": least} for name, least in QUIETER.items()},
    }


def _renderers(form: str) -> list[Processor]:
    if form == "line":
        return [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    return [
        structlog.processors.ExceptionRenderer(error_without_quotation),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def configure_structlog() -> None:
    """Events of structlog go through the handlers of the standard library, as all others do."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
