"""``[preflight]``: what the deployment checklist runs and reads, and custom checks."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from aurora_core.config.field_types import FilePath, Names, Rows, Seconds
from aurora_core.config.sections.base import Section
from aurora_core.time_units import HOUR_S


class Command(Section):
    """A program whose exit code is the outcome: 0 pass, 1 fail, 2 unknown, 3 not applicable."""

    name: str = Field(min_length=1, description="the check's name")
    run: Names = Field(min_length=1, description="the program and its arguments; run without a shell")
    timeout: Seconds = Field(15.0, gt=0, description="time limit")


class Http(Section):
    """A URL that must answer."""

    name: str = Field(min_length=1, description="the check's name")
    url: str = Field(min_length=1, description="the URL to request")
    status: int = Field(200, ge=100, le=599, description="the expected status")
    timeout: Seconds = Field(5.0, gt=0, description="time limit")


class NotApplicable(Section):
    """A check of the list that does not apply here, and the reason."""

    check: str = Field(min_length=1, description="the check's id, as in aurora preflight --list")
    reason: str = Field(min_length=1, description="why it does not apply")


class Preflight(Section):
    """Programs, files and URLs; a check without one needs an attestation."""

    tests: Names = Field(("pytest", "-q"), description="the program that runs the tests, and its arguments")
    security: Names = Field(
        ("bandit", "-q", "-r", ".", "-ll"), description="the program that scans for insecure code"
    )
    types: Names = Field(("mypy", "."), description="the program that checks types")
    lint: Names = Field(("ruff", "check", "."), description="the program that lints")
    benchmarks: Names = Field((), description="the program that compares performance with its targets")
    docs: Names = Field(("README.md",), description="the documents whose links and commands must resolve")
    metrics_url: str | None = Field(None, description="URL of the metrics; without it the store is read")
    metrics_series: Names = Field(("aurora_calls_total",), description="series that must exist")
    log_write: Names = Field((), description="the program that writes {marker} to the logs")
    log_read: Names = Field((), description="the program that prints the log line with {marker}")
    dashboard: FilePath | None = Field(None, description="the Grafana dashboard, a JSON file")
    runbooks: FilePath | None = Field(
        None, description="the runbooks: a file with one heading per alert rule"
    )
    backups: FilePath = Field(Path("/var/lib/aurora/backups"), description="the folder of the backups")
    backup_max_age: Seconds = Field(26.0 * HOUR_S, gt=0, description="maximum age of the newest backup")
    rollback: FilePath | None = Field(None, description="the document that describes the rollback")
    previous_version: str | None = Field(
        None, description="the version to roll back to; else the previous tag"
    )
    attestations: FilePath = Field(
        Path("aurora-attestations.toml"), description="the file of attestations, under version control"
    )
    not_applicable: Annotated[tuple[NotApplicable, ...], Rows] = Field(
        (), description="checks that do not apply here"
    )
    command: Annotated[tuple[Command, ...], Rows] = Field((), description="programs to run")
    http: Annotated[tuple[Http, ...], Rows] = Field((), description="URLs to request")
