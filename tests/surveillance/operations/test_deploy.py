"""What docs/operate.md and deploy/ say is true of the application, and of each other."""

import configparser
import re
from pathlib import Path

import pytest
import yaml

from surveillance import settings as settings_module
from surveillance.operations import figures, metrics
from surveillance.operations.doctor.database import EXTENSIONS
from tests.journeys.workers import ROOT

DEPLOY = ROOT / "deploy"
OPERATE = (ROOT / "docs" / "operate.md").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
UNITS = sorted((DEPLOY / "systemd").iterdir())
# Not of our settings: gunicorn's configuration, prometheus_client.
OF_THE_WEB = {"BIND", "FORWARDED_ALLOW_IPS", "PROMETHEUS_MULTIPROC_DIR", "WEB_CONCURRENCY"}


def documented() -> set[str]:
    """The variables in the table at the head of the settings."""
    rows = re.findall(r"^\| ([A-Z_, ]+) \|", settings_module.__doc__ or "", re.M)
    return {name for row in rows for name in row.split(", ")}


def unit(path: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string(path.read_text())
    return parsed


def started_by_systemd(name: str) -> list[str]:
    words = unit(DEPLOY / "systemd" / name)["Service"]["ExecStart"].split()
    return [word.rpartition("/bin/")[2] for word in words]


def test_the_settings_read_no_variable_that_is_not_documented():
    source = Path(settings_module.__file__).read_text()
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', source))
    assert read - documented() == set()


@pytest.mark.parametrize("name", sorted(documented() | OF_THE_WEB))
def test_every_variable_is_explained(name):
    assert f"`{name}`" in OPERATE


def test_what_the_examples_set_is_known():
    example = (DEPLOY / "environment.example").read_text()
    by_systemd = set(re.findall(r"^([A-Z_]+)=", example, re.M))
    by_compose = {
        name
        for service in ("web", "worker", "beat", "migrate")
        for name in COMPOSE["services"][service]["environment"]
    }
    assert by_systemd | by_compose <= documented() | OF_THE_WEB
    assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL"} <= by_systemd & by_compose


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("web", "surveillance-web.service"),
        ("worker", "surveillance-worker@.service"),
        ("beat", "surveillance-beat.service"),
        ("migrate", "surveillance-migrate.service"),
    ],
)
def test_compose_and_systemd_start_the_same(service, name):
    own = ("--schedule", "--hostname")  # where beat keeps its file, how a worker is called
    by_systemd = [word for word in started_by_systemd(name) if not word.startswith(own)]
    by_compose = [
        word for word in COMPOSE["services"][service]["command"] if not word.startswith(own)
    ]
    assert by_systemd == by_compose


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_are_well_formed(path):
    sections = unit(path).sections()
    assert sections[0] == "Unit"
    assert {"Service", "Socket"} & set(sections)


def test_only_migrate_is_the_owner():
    owners = {
        service
        for service, described in COMPOSE["services"].items()
        if "surveillance_owner" in described.get("environment", {}).get("DATABASE_URL", "")
    }
    assert owners == {"migrate"}
    assert [path.name for path in UNITS if "/etc/surveillance/owner" in path.read_text()] == [
        "surveillance-migrate.service"
    ]


def test_the_database_is_made_with_every_extension():
    script = (DEPLOY / "database.sql").read_text()
    made = set(re.findall(r"CREATE EXTENSION IF NOT EXISTS (\w+)", script))
    assert made == set(EXTENSIONS)


def test_alerts_watch_figures_that_exist():
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"][0]["rules"]
    named = {name for rule in rules for name in re.findall(r"surveillance_\w+", rule["expr"])}
    known = {f"{metrics.PREFIX}{figure.name}" for figure in figures.registered()}
    known |= {f"{metrics.PREFIX}request_seconds_{part}" for part in ("count", "bucket", "sum")}
    assert named <= known
    for rule in rules:
        assert rule["alert"] in OPERATE


def test_every_figure_is_in_the_manual():
    for figure in figures.registered():
        assert f"`{metrics.PREFIX}{figure.name}" in OPERATE
