"""The report of an evaluation: rules, messages, and the conclusion."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aurora_cli import exit_codes
from aurora_cli.documents.document import Cell, Document, Table, Tone
from aurora_cli.exit_codes import Verdict
from aurora_core.alerting.evaluator import RuleResult
from aurora_core.alerting.notification import format_duration
from aurora_core.alerting.service import RunResult
from aurora_core.store.metrics import ChannelStats

_SYMBOLS = {"gt": ">", "lt": "<", "gte": ">=", "lte": "<="}
_TONES: Mapping[str, Tone] = {"ok": "good", "firing": "bad", "recovering": "bad", "pending": "plain"}


class AlertStatus(NamedTuple):
    """A run over a store, and the messages of each channel in the last 30 days."""

    source: str
    run: RunResult
    channels: Sequence[ChannelStats]

    @property
    def firing(self) -> list[RuleResult]:
        """The rules whose fire is not resolved."""
        return [result for result in self.run.evaluation.results if result.state.is_notified]

    @property
    def undelivered(self) -> int:
        """Messages that are waiting or were given up."""
        return sum(channel.waiting + channel.failed for channel in self.channels)


def build_document(status: AlertStatus, config: Mapping[str, str] | None) -> Document:
    """Lay it out. Exit code 1 while a rule fires; 3 if nothing was measured, or a message is undelivered."""
    verdict, exit_code, conclusion = _conclude(status)
    evaluation = status.run.evaluation
    return Document(
        command="alerts-evaluate",
        summary={
            "source": status.source,
            "measured": evaluation.measured,
            "notifications": [notification.headline for notification in evaluation.notifications],
            "messages": [channel._asdict() for channel in status.channels],
        },
        results=[_result_to_json(result) for result in evaluation.results],
        parts=[_build_rules(evaluation.results, evaluation.at_s), *_build_messages(status)],
        verdict=verdict,
        exit_code=exit_code,
        conclusion=conclusion,
        config=config,
        title="Alerts",
    )


def _conclude(status: AlertStatus) -> tuple[Verdict, int, str]:
    firing, rules = status.firing, len(status.run.evaluation.results)
    delivered = sum(status.run.delivered.values())
    messages = f"{delivered} {'message' if delivered == 1 else 'messages'} sent"
    if status.undelivered:
        messages += f", {status.undelivered} not delivered"
    if firing:
        names = ", ".join(
            f"{result.config.rule.name} ({result.config.rule.severity.value})" for result in firing
        )
        return Verdict.NOT_GOOD, exit_codes.NOT_GOOD, f"FIRING: {names}; {messages}"
    if not status.run.evaluation.measured:
        reason = "no process measured in the window of any rule; is the service running?"
        return Verdict.NONE, exit_codes.NO_VERDICT, f"NO DATA: {reason} {messages}"
    if status.undelivered:
        fix = "fix the channel, then use --resend"
        return (
            Verdict.NONE,
            exit_codes.NO_VERDICT,
            f"NOT NOTIFIED: 0 of {rules} rules fire; {messages}: {fix}",
        )
    return Verdict.GOOD, exit_codes.GOOD, f"OK: 0 of {rules} rules fire; {messages}"


def _build_rules(results: Sequence[RuleResult], now_s: float) -> Table:
    header = ("rule", "severity", "state", "for", "metric", "now", "fires")
    return Table("Rules", header, [_build_row(result, now_s) for result in results])


def _build_row(result: RuleResult, now_s: float) -> list[Cell]:
    rule = result.config.rule
    return [
        Cell(rule.name),
        Cell(rule.severity.value),
        Cell(result.state.status, _TONES[result.state.status]),
        Cell("" if math.isinf(result.since_s) else format_duration(now_s - result.since_s)),
        Cell(rule.metric_name),
        Cell("no data" if math.isnan(result.value) else f"{result.value:.4g}"),
        Cell(f"{_SYMBOLS[rule.comparison]} {rule.threshold:g}"),
    ]


def _build_messages(status: AlertStatus) -> list[Table]:
    if not status.channels:
        return []
    rows = [
        [
            Cell(channel.channel),
            Cell(f"{channel.delivered:,}"),
            Cell(f"{channel.waiting:,}", "bad" if channel.waiting else "plain"),
            Cell(f"{channel.failed:,}", "bad" if channel.failed else "plain"),
            Cell(channel.error or ""),
        ]
        for channel in status.channels
    ]
    header = ("channel", "delivered", "waiting", "failed", "why")
    return [Table("Messages of the last 30 days", header, rows)]


def _result_to_json(result: RuleResult) -> Mapping[str, object]:
    rule = result.config.rule
    return {
        "rule": rule.name,
        "severity": rule.severity.value,
        "state": result.state.status,
        "since_s": None if math.isinf(result.since_s) else result.since_s,
        "metric": rule.metric_name,
        "comparison": rule.comparison,
        "threshold": rule.threshold,
        "value": result.value,
        "notified": None if result.notification is None else result.notification.event,
    }
