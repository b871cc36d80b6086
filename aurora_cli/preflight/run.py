"""The command, step by step: configuration, checks, words given, report."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aurora_cli import configuration, output
from aurora_cli.check_config.codes import RULES
from aurora_cli.check_config.examine import examine
from aurora_cli.check_config.load import Sources
from aurora_cli.check_config.load import read as read_sources
from aurora_cli.exits import Usage
from aurora_cli.options import ChecklistFormat
from aurora_cli.preflight import testimony
from aurora_cli.preflight.check import Check
from aurora_cli.preflight.checklist import checklist
from aurora_cli.preflight.choice import check_named, chosen
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.forms import write, write_evidence
from aurora_cli.preflight.judged import judged
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.own import own_checks
from aurora_cli.preflight.report import Entry, Report
from aurora_cli.preflight.results import changes_since
from aurora_cli.preflight.runner import run_checks
from aurora_cli.progress import Progress
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.secrets import Masker

_PAUSE_S = 2.0
_NOT_YET = ("fail", "unknown")


@dataclass(frozen=True)
class Request:
    """What the command line asked for; times in seconds."""

    config: Path | None
    wanted: Sequence[str]
    skipped: Sequence[str]
    jobs: int
    limit_s: float | None
    wait_s: float
    offline: bool
    send_test: bool
    baseline: Path | None
    evidence_dir: Path | None
    verbose: bool
    form: ChecklistFormat
    output: Path | None


@dataclass(frozen=True)
class Ground:
    """What every form of the command stands on."""

    context: Context
    checks: Sequence[Check]
    config: Mapping[str, str] | None
    masker: Masker


def ground(config: Path | None, *, offline: bool, send_test: bool) -> Ground:
    """Read the configuration and list the checks."""
    if not hasattr(os, "fork"):
        raise Usage("preflight runs each check in a fork of its own, which this system does not have")
    settings, file = configuration.load(config)
    subject = read_sources(Sources(config, None, [], os.environ))
    findings, _ = examine(subject, RULES)
    context = Context(
        settings=settings,
        root=Path.cwd(),
        environ=dict(os.environ),
        findings=findings,
        offline=offline,
        send_test=send_test,
        now_s=SYSTEM_CLOCK.wall(),
    )
    checks = [*checklist(), *own_checks(settings.preflight)]
    return Ground(context, checks, file, Masker(text for _, _, text in subject.secrets()))


def run(request: Request) -> int:
    """Look, and report; the exit code says what it came to."""
    on = ground(request.config, offline=request.offline, send_test=request.send_test)
    began = SYSTEM_CLOCK.now()
    words = testimony.read(on.context.path(on.context.settings.preflight.attestations))
    looked_at = chosen(on.checks, request.wanted, request.skipped)
    reasons = _not_applicable(on)
    entries = {check.id: Entry(check, Outcome("skipped", "not asked for"), 0.0) for check in on.checks}
    for check in looked_at:
        if check.id in reasons:
            entries[check.id] = Entry(check, Outcome("n/a", reasons[check.id]), 0.0)
    entries |= _looked(request, on, [check for check in looked_at if check.id not in reasons])
    for check_id, entry in entries.items():
        outcome = judged(check_id, entry.outcome, words, on.context)
        entries[check_id] = entry._replace(outcome=_masked(outcome, on.masker))
    report = Report(
        entries=list(entries.values()),
        config=on.config,
        seen_at=output.moment(),
        seconds=SYSTEM_CLOCK.now() - began,
        changes=None if request.baseline is None else changes_since(request.baseline, list(entries.values())),
    )
    if request.evidence_dir is not None:
        write_evidence(report, request.evidence_dir)
    write(report, request.form, request.output, verbose=request.verbose)
    return report.exit_code


def _looked(request: Request, on: Ground, checks: Sequence[Check]) -> dict[str, Entry]:
    """Run the checks; those that may come right are looked at again while there is time."""
    until = SYSTEM_CLOCK.now() + request.wait_s
    entries: dict[str, Entry] = {}
    with Progress() as progress:
        left = list(checks)
        while left:
            done = len(entries)
            progress.begin("looking", at_once=True)
            for result in run_checks(
                left,
                on.context,
                jobs=request.jobs,
                limit_s=request.limit_s,
                on_change=lambda running: progress.say(_running(running, len(entries), len(checks))),
            ):
                entries[result.check.id] = Entry(*result)
            left = [
                check
                for check in left
                if check.may_come_right and entries[check.id].outcome.state in _NOT_YET
            ]
            if not left or SYSTEM_CLOCK.now() + _PAUSE_S > until:
                break
            progress.say(f"waiting for {', '.join(check.id for check in left)}")
            SYSTEM_CLOCK.sleep_until(SYSTEM_CLOCK.now() + _PAUSE_S)
            on = replace(on, context=replace(on.context, now_s=SYSTEM_CLOCK.wall()))
            assert done <= len(entries)  # noqa: S101 - a check that was seen stays seen
    return entries


def _running(checks: Sequence[Check], done: int, all_: int) -> str:
    return f"{done} of {all_}: {', '.join(check.id for check in checks)}"


def _not_applicable(on: Ground) -> dict[str, str]:
    rows = on.context.settings.preflight.not_applicable
    for row in rows:
        check_named("preflight.not_applicable", row.check, on.checks)
    return {row.check: row.reason for row in rows}


def _masked(outcome: Outcome, masker: Masker) -> Outcome:
    """No secret leaves: not in what a program printed, not in an address."""
    evidence = tuple(
        replace(seen, what=masker.mask(seen.what), excerpt=masker.mask(seen.excerpt))
        for seen in outcome.evidence
    )
    return Outcome(outcome.state, masker.mask(outcome.message), masker.mask(outcome.help), evidence)
