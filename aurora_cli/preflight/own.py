"""Checks of one's own: programs and addresses of the settings, and what packages bring."""

import json
import re
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Final, get_args

from aurora_cli.preflight.asking import ask
from aurora_cli.preflight.check import Check
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome, State
from aurora_cli.preflight.program import Ran, run
from aurora_core.config.sections.preflight import Command, Http, Preflight

ENTRY_POINTS: Final = "aurora.preflight"

_BY_EXIT_CODE: Final[dict[int, State]] = {0: "pass", 1: "fail", 2: "unknown", 3: "n/a"}
_SAYABLE: Final = ("pass", "warn", "fail", "unknown", "n/a")
_LEEWAY_S: Final = 1.0
"""An address has its own time limit; the check's comes a little later."""


def own_checks(settings: Preflight) -> list[Check]:
    """All of them: programs, addresses, then those of packages by name."""
    found = [
        *(_of_command(command) for command in settings.command),
        *(_of_http(http) for http in settings.http),
        *(
            check
            for point in sorted(entry_points(group=ENTRY_POINTS), key=_name)
            for check in _of_package(point)
        ),
    ]
    return list(_by_id(found))


def _name(point: EntryPoint) -> str:
    return point.name


def _by_id(checks: Sequence[Check]) -> Sequence[Check]:
    """Two of one name are told apart by a number."""
    seen: dict[str, int] = {}
    told = []
    for check in checks:
        times = seen[check.id] = seen.get(check.id, 0) + 1
        check_id = check.id if times == 1 else f"{check.id}-{times}"
        told.append(Check(check_id, check.explanation, check.limit_s, check.look, check.may_come_right))
    return told


def _id(name: str) -> str:
    return "own." + (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "check")


def _of_command(command: Command) -> Check:
    explanation = (
        f"{command.name}.\n\nProof: runs `{' '.join(command.run)}`; exit code 0 is a pass, 1 a fail, "
        "2 unknown, 3 not applicable, or a JSON object with state, message and help on its standard output."
    )
    return Check(_id(command.name), explanation, command.timeout, _looking_at(command))


def _looking_at(command: Command) -> Callable[[Context], Outcome]:
    def look(context: Context) -> Outcome:
        ran = run(command.run, context.root, context.environ)
        if ran.exit_code is None:
            return Outcome(
                "unknown", f"`{command.run[0]}` could not be started: {ran.output}", "", (ran.evidence(),)
            )
        return _said(ran) or _by_exit_code(ran)

    return look


def _said(ran: Ran) -> Outcome | None:
    try:
        said = json.loads(ran.output)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("state") not in _SAYABLE:
        return None
    message, help_ = str(said.get("message", "")), str(said.get("help", ""))
    if said["state"] == "pass" and ran.exit_code != 0:
        message = f"it says pass and ended with {ran.ended}"
        return Outcome("unknown", message, help_, (ran.evidence(),))
    return Outcome(said["state"], message or ran.ended, help_, (ran.evidence(),))


def _by_exit_code(ran: Ran) -> Outcome:
    state = _BY_EXIT_CODE.get(ran.exit_code if ran.exit_code is not None else -1, "unknown")
    message = ran.last_line or ran.ended
    if state == "n/a" and not ran.last_line:
        return Outcome(
            "unknown", "it says not applicable, and not why", "let it print the reason", (ran.evidence(),)
        )
    return Outcome(
        state, message, f"run `{ran.command}`" if state in ("fail", "unknown") else "", (ran.evidence(),)
    )


def _of_http(http: Http) -> Check:
    explanation = f"{http.name}.\n\nProof: {http.url} answers with status {http.status}."

    def look(context: Context) -> Outcome:
        if context.offline:
            return Outcome("unknown", f"{http.url} is not asked with --offline")
        answer = ask(http.url, http.timeout)
        if answer.status == http.status:
            return Outcome("pass", f"{http.url}: status {answer.status}", "", (answer.evidence(),))
        told = answer.problem or f"status {answer.status}, and {http.status} was expected"
        return Outcome(
            "fail", f"{http.url}: {told}", "is it running, and reachable from here?", (answer.evidence(),)
        )

    return Check(_id(http.name), explanation, http.timeout + _LEEWAY_S, look, may_come_right=True)


def _of_package(point: EntryPoint) -> list[Check]:
    """What a package's entry point names: a check, several, or a function that makes them."""
    try:
        found = point.load()
        made = found() if callable(found) and not isinstance(found, Check) else found
        checks = [made] if isinstance(made, Check) else list(made)
        if not all(isinstance(check, Check) for check in checks):
            raise TypeError(f"{point.value} gives no aurora_cli.preflight.Check")  # noqa: TRY301 - told below
    except Exception as error:  # noqa: BLE001 - a package that is broken is told, and hides no other check
        told = f"{type(error).__name__}: {error}"
        return [_broken(point, told)]
    return checks


def _broken(point: EntryPoint, told: str) -> Check:
    def look(context: Context) -> Outcome:  # noqa: ARG001 - there is nothing to look at
        return Outcome(
            "unknown", f"the entry point {point.name} ({point.value}) fails: {told}", "mend the package"
        )

    return Check(_id(point.name), f"The checks of {point.name}.", 1.0, look)


assert set(_SAYABLE) <= set(get_args(State))  # noqa: S101 - the one list is State
