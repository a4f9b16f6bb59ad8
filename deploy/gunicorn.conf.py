"""gunicorn --config deploy/gunicorn.conf.py surveillance.wsgi:application

Logs go the way of all others (LOG_FORMAT); the log of requests is the application's own, without
addresses. With PROMETHEUS_MULTIPROC_DIR set, to a folder that is empty at every start, the
processes answer /metrics as one.
"""

import os

from prometheus_client.multiprocess import mark_process_dead

from surveillance.operations.logs import configuration

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", 2 * (os.cpu_count() or 1)))
threads = 4
max_requests = 10_000
max_requests_jitter = 1_000
timeout = 60
graceful_timeout = 30
keepalive = 75  # longer than the proxy keeps its own end open
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")

_logging = configuration(os.environ.get("LOG_FORMAT", "json"), os.environ.get("LOG_LEVEL", "INFO"))
logconfig_dict = _logging | {
    "loggers": _logging["loggers"]
    | {"gunicorn.error": {"level": "INFO"}, "gunicorn.access": {"level": "CRITICAL"}}
}


def child_exit(server, worker):
    """What a process has counted stays, what it held at the end does not."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        mark_process_dead(worker.pid)
