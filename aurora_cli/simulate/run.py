"""The command, step by step: log, replays, figures, page."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import typer

from aurora_cli import exit_codes, output
from aurora_cli.documents import Chart, Document, Table
from aurora_cli.documents.render.formats import write_document
from aurora_cli.exit_codes import UsageError, Verdict
from aurora_cli.json_schema import write_schema
from aurora_cli.options import Format, parse_rpms
from aurora_cli.progress import Progress
from aurora_cli.simulate import document, engine, prepare
from aurora_cli.simulate.goals import Goal, parse_goal
from aurora_cli.simulate.log_options import LogOptions
from aurora_cli.simulate.outcomes import Replay
from aurora_cli.simulate.per_query import check_trace, write_trace
from aurora_cli.simulate.record import parse_new_store, replayed, write_store
from aurora_cli.simulate.scenario import Provider, Scenario, compare
from aurora_cli.simulate.schema import SCHEMA
from aurora_cli.simulate.stats import Stats, compute_stats
from aurora_cli.simulate.timeline import timeline
from aurora_cli.simulate.workload_source import Source, load, source_table
from aurora_core.alerting.state import RuleConfig
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.config.settings import Settings
from aurora_core.sla import Objective

_LABEL_COLUMNS = 44


class Promises(NamedTuple):
    """What a replay is compared with: SLA, alert rules, and how long answers are cached, in seconds."""

    objectives: Sequence[Objective]
    watches: Sequence[RuleConfig]
    cache_ttl_s: float


@dataclass(frozen=True)
class SimulateRequest:
    """What the command line asks for: the settings with its options over them, and the texts as typed."""

    logs: Sequence[str]
    rpm: str | None
    settings: Settings
    scenario: Scenario
    provider: Provider
    seed: int
    log_options: LogOptions
    scale: float
    config: Mapping[str, str] | None
    output_format: Format
    output: Path | None
    trace: Path | None
    store: str | None

    @property
    def sources(self) -> Sequence[str]:
        """The logs named on the command line, else that of the settings; none: the built-in sample."""
        configured = self.settings.simulate.log
        return self.logs or ([] if configured is None else [str(configured)])

    @property
    def promises(self) -> Promises:
        """The promises of the settings."""
        settings = self.settings
        return Promises(settings.sla.objectives(), settings.alerts.watches(), settings.cache.ttl)


def run(request: SimulateRequest) -> int:
    """Answer the request and return the exit code. Whatever is wrong with it is said before any work."""
    try:
        scenarios = compare(request.scenario, parse_rpms(request.rpm or str(request.settings.rate_limit.rpm)))
        parameters = [prepare.parameters(each, request.provider, request.seed) for each in scenarios]
        goals = [parse_goal(text) for text in request.settings.simulate.goals]
        has_tiers = bool(request.scenario.rate_limit.tiers)
        options = request.log_options.parsed(request.settings.simulate.max_bad_lines, with_models=has_tiers)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if request.trace is not None:
        check_trace(request.trace)
    record = None if request.store is None else parse_new_store(request.store)
    if len(scenarios) > 1 and (request.trace or record):
        raise UsageError("--trace and --store hold one policy; give one --rpm")
    with Progress() as progress:
        progress.begin("reading the log", at_once=bool(request.sources))
        source = load(request.sources, options, request.scale)
        _check_targets((request.output, request.trace, record), source)
        if not engine.is_compiled():
            progress.begin("compiling the kernel, once, a few seconds", at_once=True)
        replays = []
        for scenario, numbers in zip(scenarios, parameters, strict=True):
            progress.begin(f"replaying at {scenario.name}")
            traffic = prepare.traffic(source.workload, scenario, request.seed)
            replays.append(engine.replay_compiled(numbers, traffic, progress.step))
        progress.begin("counting")
        answers = [
            compute_stats(source.workload, replay, scenario, *request.promises)
            for scenario, replay in zip(scenarios, replays, strict=True)
        ]
        if request.trace is not None:
            write_trace(request.trace, source.workload, replays[0])
        written = None if record is None else _record(request, source, replays[0], record)
    document = _document(request, source, replays, answers, goals)
    write_document(document, request.output_format, request.output)
    if written is not None:
        typer.echo(written, err=True)
    return document.exit_code


def _record(request: SimulateRequest, source: Source, replay: Replay, path: Path) -> str:
    objectives = {objective.name: objective.target for objective in request.promises.objectives}
    calls = replayed(source.workload, replay, request.promises.cache_ttl_s)
    return write_store(path, calls, source.began(SYSTEM_CLOCK.wall()), "simulate", objectives["p95_latency"])


def print_schema(path: Path | None) -> int:
    """Write the JSON Schema of ``--format json``."""
    write_schema(SCHEMA, path)
    return exit_codes.GOOD


def _check_targets(paths: Sequence[Path | None], source: Source) -> None:
    """Refuse to write over a log that was read, or the answer over the trace."""
    targets = [os.path.realpath(path) for path in paths if path is not None]
    logs = [] if source.report is None else [os.path.realpath(name) for name in source.report.files]
    for path in targets:
        if path in logs:
            raise UsageError(f"{path} is a log that is replayed; name another file to write")
    if len(set(targets)) < len(targets):
        raise UsageError("one file cannot hold two of the answer, the trace and the store")


def _document(
    request: SimulateRequest,
    source: Source,
    replays: Sequence[Replay],
    answers: Sequence[Stats],
    goals: Sequence[Goal],
) -> Document:
    verdict, exit_code, conclusion = decide(answers, goals)
    named = [(document.policy_name(answer), replay) for answer, replay in zip(answers, replays, strict=True)]
    width = max(20, min(output.columns(), 140) - _LABEL_COLUMNS)
    parts: list[Table | Chart] = [
        source_table(source, request.scale),
        *document.service_table(request.scenario, source.workload),
        document.outcome_table(answers),
        *(document.latency_table(answer) for answer in answers),
        timeline(source.workload, named, width),
        document.sla_table(answers, request.promises.cache_ttl_s),
        document.alert_table(answers, request.promises.watches),
    ]
    if goals:
        parts.append(document.goal_table(answers, goals))
    summary = {
        "log": source.to_json(),
        "scale": request.scale,
        "seed": request.seed,
        "provider": vars(request.provider),
        "goals": [{"goal": goal.text, "met": [goal.met(answer) for answer in answers]} for goal in goals],
    }
    results = [answer.to_json() for answer in answers]
    return Document("simulate", summary, results, parts, verdict, exit_code, conclusion, request.config)


def decide(answers: Sequence[Stats], goals: Sequence[Goal]) -> tuple[Verdict, int, str]:
    """Turn the goals into the verdict, the exit code and the sentence that says why."""
    if not goals:
        hint = "no goal was set, so there is nothing to miss; next: --goal 'p95<2s' --goal 'refused<1%'"
        return Verdict.GOOD, exit_codes.GOOD, hint
    judged = [(goal, answer) for answer in answers for goal in goals]
    missed = [pair for pair in judged if not pair[0].met(pair[1])]
    unmeasured = [pair for pair in missed if pair[0].value(pair[1]) != pair[0].value(pair[1])]
    if not missed:
        return Verdict.GOOD, exit_codes.GOOD, f"GOALS MET: {', '.join(goal.text for goal in goals)}"
    real = [pair for pair in missed if pair not in unmeasured]
    if not real:
        goal, answer = unmeasured[0]
        return (
            Verdict.NONE,
            exit_codes.NO_VERDICT,
            f"NO VERDICT: {goal.text} has no data at {document.policy_name(answer)}",
        )
    text = "; ".join(
        f"{goal.text} is {document.goal_value(goal, answer)} at {document.policy_name(answer)}"
        for goal, answer in real
    )
    kept = [document.policy_name(answer) for answer in answers if all(goal.met(answer) for goal in goals)]
    met = f"; all goals are met at {', '.join(kept)}" if kept else ""
    return Verdict.NOT_GOOD, exit_codes.NOT_GOOD, f"GOAL MISSED: {text}{met}"
