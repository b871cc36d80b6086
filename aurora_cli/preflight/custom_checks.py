"""Custom checks: programs and addresses of the settings, and the checks of packages."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from aurora_cli.findings import Outcome
from aurora_cli.findings.outcome import State
from aurora_cli.preflight import http_probe
from aurora_cli.preflight.check import Check
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.process import CompletedRun, run
from aurora_core.config.sections.preflight import Command, Http, Preflight

ENTRY_POINTS: Final = "aurora.preflight"

ACCEPTED_STATES: Final[tuple[State, ...]] = ("pass", "warn", "fail", "unknown", "n/a")
"""The states that a program may print."""
_STATE_OF_EXIT_CODE: Final[dict[int | None, State]] = {0: "pass", 1: "fail", 2: "unknown", 3: "n/a"}
_MARGIN_S: Final = 1.0
"""An address has its own timeout; the check's comes a little later."""


def load_custom_checks(settings: Preflight) -> list[Check]:
    """Return the checks of programs, of addresses, then of packages by name."""
    points = sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name)
    checks = [
        *(_command_check(command) for command in settings.command),
        *(_http_check(http) for http in settings.http),
        *(check for point in points for check in _package_checks(point)),
    ]
    return list(_number_equal_ids(checks))


def _number_equal_ids(checks: Sequence[Check]) -> Iterator[Check]:
    count: dict[str, int] = {}
    for check in checks:
        number = count[check.id] = count.get(check.id, 0) + 1
        yield check if number == 1 else replace(check, id=f"{check.id}-{number}")


def _id(name: str) -> str:
    return "custom." + (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "check")


def _command_check(command: Command) -> Check:
    explanation = (
        f"{command.name}.\n\nHow it is checked: runs `{' '.join(command.run)}`; exit code 0 is a pass, 1 a "
        "fail, 2 unknown, 3 not applicable, or a JSON object with state, message and help on its standard "
        "output."
    )
    return Check(_id(command.name), explanation, command.timeout, _command_runner(command))


def _command_runner(command: Command) -> Callable[[Context], Outcome]:
    def run_command(context: Context) -> Outcome:
        completed = run(command.run, context.root, context.environ)
        if completed.exit_code is None:
            message = f"`{command.run[0]}` could not be started: {completed.output}"
            return Outcome("unknown", message, "", (completed.evidence(),))
        return _parse_output(completed) or _outcome_of_exit_code(completed)

    return run_command


def _parse_output(completed: CompletedRun) -> Outcome | None:
    try:
        answer = json.loads(completed.output)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or answer.get("state") not in ACCEPTED_STATES:
        return None
    message, help_ = str(answer.get("message", "")), str(answer.get("help", ""))
    evidence = (completed.evidence(),)
    if answer["state"] == "pass" and completed.exit_code != 0:
        return Outcome("unknown", f"it printed pass and ended with {completed.status}", help_, evidence)
    return Outcome(answer["state"], message or completed.status, help_, evidence)


def _outcome_of_exit_code(completed: CompletedRun) -> Outcome:
    state = _STATE_OF_EXIT_CODE.get(completed.exit_code, "unknown")
    evidence = (completed.evidence(),)
    if state == "n/a" and not completed.last_line:
        return Outcome("unknown", "not applicable, without a reason", "make it print the reason", evidence)
    fix = f"run `{completed.command}`" if state in ("fail", "unknown") else ""
    return Outcome(state, completed.last_line or completed.status, fix, evidence)


def _http_check(http: Http) -> Check:
    explanation = f"{http.name}.\n\nHow it is checked: {http.url} answers with status {http.status}."

    def run_probe(context: Context) -> Outcome:
        if context.offline:
            return Outcome("unknown", f"{http.url} is not probed with --offline")
        response = http_probe.get(http.url, http.timeout)
        evidence = (response.evidence(),)
        if response.status == http.status:
            return Outcome("pass", f"{http.url}: {response.result}", "", evidence)
        problem = response.problem or f"status {response.status}, expected {http.status}"
        fix = "start it, and make it reachable from here"
        return Outcome("fail", f"{http.url}: {problem}", fix, evidence)

    return Check(_id(http.name), explanation, http.timeout + _MARGIN_S, run_probe, retryable=True)


def _package_checks(point: EntryPoint) -> list[Check]:
    """Load the entry point of a package: a check, several, or a function that returns them."""
    try:
        loaded = point.load()
        returned = loaded() if callable(loaded) and not isinstance(loaded, Check) else loaded
        checks = [returned] if isinstance(returned, Check) else list(returned)
        if not all(isinstance(check, Check) for check in checks):
            raise TypeError(f"{point.value} is not an aurora_cli.preflight.Check")  # noqa: TRY301 - shown below
    except Exception as error:  # noqa: BLE001 - a broken package is reported, and hides no other check
        return [_broken_check(point, f"{type(error).__name__}: {error}")]
    return checks


def _broken_check(point: EntryPoint, problem: str) -> Check:
    def report_problem(context: Context) -> Outcome:  # noqa: ARG001 - there is nothing to check
        message = f"the entry point {point.name} ({point.value}) fails: {problem}"
        return Outcome("unknown", message, "fix the package")

    return Check(_id(point.name), f"The checks of {point.name}.", 1.0, report_problem)
