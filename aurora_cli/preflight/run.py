"""The command, step by step: configuration, checks, attestations and waivers, report."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from aurora_cli import configuration, output
from aurora_cli.check_config.codes import RULES
from aurora_cli.check_config.engine import run_rules
from aurora_cli.check_config.load import Sources
from aurora_cli.check_config.load import read as read_sources
from aurora_cli.exit_codes import UsageError
from aurora_cli.findings import Outcome
from aurora_cli.options import ChecklistFormat
from aurora_cli.preflight.adapters import changes_since, write, write_evidence
from aurora_cli.preflight.apply_overrides import apply_overrides
from aurora_cli.preflight.attestations import read_signoffs
from aurora_cli.preflight.check import Check, CheckResult
from aurora_cli.preflight.checklist import find_check, load_checks, refuse_always, select
from aurora_cli.preflight.context import ALWAYS, Context
from aurora_cli.preflight.custom_checks import load_custom_checks
from aurora_cli.preflight.report import ChecklistReport
from aurora_cli.preflight.runner import run_check, run_checks
from aurora_cli.progress import Progress
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.secrets import Masker

_PAUSE_S: Final = 2.0
_RETRIED: Final = ("fail", "unknown")


@dataclass(frozen=True)
class PreflightRequest:
    """The options of a run; times in seconds."""

    config: Path | None
    wanted: Sequence[str]
    skipped: Sequence[str]
    jobs: int
    timeout_s: float | None
    wait_s: float
    offline: bool
    send_test: bool
    baseline: Path | None
    evidence_dir: Path | None
    verbose: bool
    output_format: ChecklistFormat
    output: Path | None


@dataclass(frozen=True)
class CommandContext:
    """The loaded configuration and the checks, for every action of the command."""

    context: Context
    checks: Sequence[Check]
    config: Mapping[str, str] | None
    masker: Masker


def load(config: Path | None, *, offline: bool, send_test: bool) -> CommandContext:
    """Read the configuration and load the checks."""
    if not hasattr(os, "fork"):
        raise UsageError("preflight runs each check in a fork, which this system does not have")
    settings, file = configuration.load(config)
    subject = read_sources(Sources(config, None, [], os.environ))
    findings, _ = run_rules(subject, RULES)
    context = Context(
        settings=settings,
        root=Path.cwd(),
        environ=dict(os.environ),
        findings=findings,
        offline=offline,
        send_test=send_test,
        now_s=SYSTEM_CLOCK.wall(),
    )
    checks = [*load_checks(), *load_custom_checks(settings.preflight)]
    return CommandContext(context, checks, file, Masker(text for _, _, text in subject.secrets()))


def run(request: PreflightRequest) -> int:
    """Run the selected checks and report; return the exit code."""
    loaded = load(request.config, offline=request.offline, send_test=request.send_test)
    started = SYSTEM_CLOCK.now()
    selected = select(loaded.checks, request.wanted, request.skipped)
    results = _results(request, loaded, selected)
    report = ChecklistReport(
        results=results,
        selected={check.id for check in selected},
        config=loaded.config,
        checked_at=output.moment(),
        seconds=SYSTEM_CLOCK.now() - started,
        changes=None if request.baseline is None else changes_since(request.baseline, results),
    )
    if request.evidence_dir is not None:
        write_evidence(report, request.evidence_dir)
    write(report, request.output_format, request.output, verbose=request.verbose)
    return report.exit_code


def _results(
    request: PreflightRequest, loaded: CommandContext, selected: Sequence[Check]
) -> list[CheckResult]:
    """Return the result of every check of the list: run, not applicable, or skipped."""
    context = loaded.context
    signoffs = read_signoffs(context.path(context.settings.preflight.attestations))
    reasons = _not_applicable(loaded)
    outcomes = {check.id: Outcome("skipped", "not selected") for check in loaded.checks}
    outcomes |= {check.id: Outcome("n/a", reasons[check.id]) for check in selected if check.id in reasons}
    # The configuration is checked here: no selection and no time limit keeps it from being examined.
    outcomes[ALWAYS] = run_check(find_check("--check", ALWAYS, loaded.checks), context)
    in_forks = [check for check in selected if check.id not in reasons and check.id != ALWAYS]
    run_results = _run_until(request, context, in_forks)
    outcomes |= {check_id: result.outcome for check_id, result in run_results.items()}
    return [
        CheckResult(
            check,
            _mask(apply_overrides(check.id, outcomes[check.id], signoffs, context), loaded.masker),
            run_results[check.id].seconds if check.id in run_results else 0.0,
        )
        for check in loaded.checks
    ]


def _run_until(
    request: PreflightRequest, context: Context, checks: Sequence[Check]
) -> dict[str, CheckResult]:
    """Run the checks, and those that may recover again while ``--wait`` lasts."""
    deadline = SYSTEM_CLOCK.now() + request.wait_s
    results: dict[str, CheckResult] = {}
    with Progress() as progress:
        remaining = list(checks)
        while remaining:
            progress.begin("checking", at_once=True)
            for result in run_checks(
                remaining,
                context,
                jobs=request.jobs,
                timeout_s=request.timeout_s,
                on_change=lambda running: progress.say(_progress(running, len(results), len(checks))),
            ):
                results[result.check.id] = result
            remaining = [
                check
                for check in remaining
                if check.retryable and results[check.id].outcome.state in _RETRIED
            ]
            if not remaining or SYSTEM_CLOCK.now() + _PAUSE_S > deadline:
                break
            progress.say(f"waiting for {', '.join(check.id for check in remaining)}")
            SYSTEM_CLOCK.sleep_until(SYSTEM_CLOCK.now() + _PAUSE_S)
            context = replace(context, now_s=SYSTEM_CLOCK.wall())
    return results


def _progress(checks: Sequence[Check], done: int, total: int) -> str:
    return f"{done} of {total}: {', '.join(check.id for check in checks)}"


def _not_applicable(loaded: CommandContext) -> dict[str, str]:
    """Return the reasons of ``preflight.not_applicable`` by check."""
    rows = loaded.context.settings.preflight.not_applicable
    for row in rows:
        find_check("preflight.not_applicable", row.check, loaded.checks)
        refuse_always("preflight.not_applicable", [row.check])
    return {row.check: row.reason for row in rows}


def _mask(outcome: Outcome, masker: Masker) -> Outcome:
    """Mask secrets in what a check printed or probed; a status holds none, and a hash looks like one."""
    evidence = tuple(
        replace(each, source=masker.mask(each.source), excerpt=masker.mask(each.excerpt))
        for each in outcome.evidence
    )
    return Outcome(outcome.state, masker.mask(outcome.message), masker.mask(outcome.help), evidence)
