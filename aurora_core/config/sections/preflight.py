"""``[preflight]``: what the deployment checklist runs and reads, and checks of your own."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from aurora_core.config.quantities import FilePath, Names, Rows, Seconds
from aurora_core.config.sections.base import Section
from aurora_core.time_units import HOUR_S


class Command(Section):
    """A program whose exit code is the answer: 0 pass, 1 fail, 2 unknown, 3 not applicable."""

    name: str = Field(min_length=1, description="the check's name")
    run: Names = Field(min_length=1, description="the program and its arguments; no shell reads them")
    timeout: Seconds = Field(15.0, gt=0, description="longest it may take")


class Http(Section):
    """An address that must answer."""

    name: str = Field(min_length=1, description="the check's name")
    url: str = Field(min_length=1, description="the address that is asked")
    status: int = Field(200, ge=100, le=599, description="the status that is a pass")
    timeout: Seconds = Field(5.0, gt=0, description="longest it may take")


class NotApplicable(Section):
    """A check of the list that does not apply here, and why."""

    check: str = Field(min_length=1, description="the check's id, as aurora preflight --list has it")
    reason: str = Field(min_length=1, description="why it does not apply")


class Preflight(Section):
    """Programs, files and addresses; what is not named is a person's word."""

    tests: Names = Field(("pytest", "-q"), description="the program that runs the tests, and its arguments")
    security: Names = Field(
        ("bandit", "-q", "-r", ".", "-ll"), description="the program that looks for weak code"
    )
    types: Names = Field(("mypy", "."), description="the program that checks types")
    lint: Names = Field(("ruff", "check", "."), description="the program that lints")
    benchmarks: Names = Field((), description="the program that holds speed against its targets")
    docs: Names = Field(("README.md",), description="the documents whose links and commands must resolve")
    metrics_url: str | None = Field(None, description="where the metrics are read; without it the store is")
    metrics_series: Names = Field(("aurora_calls_total",), description="the series that must be there")
    log_write: Names = Field((), description="the program that writes {marker} where logs go")
    log_read: Names = Field((), description="the program that prints the line with {marker} once it is there")
    dashboard: FilePath | None = Field(None, description="the dashboard, as Grafana's JSON")
    runbooks: FilePath | None = Field(None, description="the runbooks: a file with a heading an alert rule")
    backups: FilePath = Field(Path("/var/lib/aurora/backups"), description="the folder of the backups")
    backup_max_age: Seconds = Field(26.0 * HOUR_S, gt=0, description="how old the newest backup may be")
    rollback: FilePath | None = Field(None, description="the document that says how to go back")
    previous_version: str | None = Field(None, description="what to go back to; else the tag before this one")
    attestations: FilePath = Field(
        Path("aurora-attestations.toml"), description="where a person's word is kept, under version control"
    )
    not_applicable: Annotated[tuple[NotApplicable, ...], Rows] = Field(
        (), description="checks that do not apply here"
    )
    command: Annotated[tuple[Command, ...], Rows] = Field((), description="programs that are run")
    http: Annotated[tuple[Http, ...], Rows] = Field((), description="addresses that are asked")
