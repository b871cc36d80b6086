"""How it stands, as a sheet: rules, messages, and what decided."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aurora_cli import exits
from aurora_cli.exits import Verdict
from aurora_cli.sheets.sheet import Cell, Sheet, Table, Tone
from aurora_core.alerting.notice import lasted
from aurora_core.delivery.delivery import Round
from aurora_core.delivery.lookout import Seen
from aurora_core.store.metrics import Mailbox

_SIGNS = {"gt": ">", "lt": "<", "gte": ">=", "lte": "<="}
_TONES: Mapping[str, Tone] = {"ok": "good", "firing": "bad", "clearing": "bad", "pending": "plain"}


class Standing(NamedTuple):
    """A round over a store, and what the channels were sent in the last 30 days."""

    source: str
    round: Round
    mailboxes: Sequence[Mailbox]

    @property
    def firing(self) -> list[Seen]:
        """The rules whose fire is not over."""
        return [seen for seen in self.round.look.seen if seen.state.is_told]

    @property
    def undelivered(self) -> int:
        """Messages that no channel has taken."""
        return sum(box.waiting + box.given_up for box in self.mailboxes)


def sheet(standing: Standing, config: Mapping[str, str] | None) -> Sheet:
    """Lay it out. 1 while a rule fires; 3 where nobody measured, or nobody could be told."""
    verdict, exit_code, decided = _decided(standing)
    look = standing.round.look
    return Sheet(
        command="alerts-check",
        summary={
            "source": standing.source,
            "measured": look.measured,
            "posted": [notice.headline for notice in look.posted],
            "messages": [box._asdict() for box in standing.mailboxes],
        },
        results=[_result(seen) for seen in look.seen],
        parts=[_rules(look.seen, look.at_s), *_messages(standing)],
        verdict=verdict,
        exit_code=exit_code,
        decided=decided,
        config=config,
        title="Alerts",
    )


def _decided(standing: Standing) -> tuple[Verdict, int, str]:
    firing, rules = standing.firing, len(standing.round.look.seen)
    sent = sum(standing.round.taken.values())
    told = f"{sent} {'message' if sent == 1 else 'messages'} sent"
    if standing.undelivered:
        told += f", {standing.undelivered} not delivered"
    if firing:
        names = ", ".join(f"{seen.watch.rule.name} ({seen.watch.rule.severity.value})" for seen in firing)
        return Verdict.NOT_GOOD, exits.NOT_GOOD, f"FIRING: {names}; {told}"
    if not standing.round.look.measured:
        words = f"NO DATA: nobody measured in the window of any rule; is the service running? {told}"
        return Verdict.NONE, exits.NO_VERDICT, words
    if standing.undelivered:
        words = f"NOT TOLD: none of {rules} rules fires; {told}: mend the channel, then --resend"
        return Verdict.NONE, exits.NO_VERDICT, words
    return Verdict.GOOD, exits.GOOD, f"OK: none of {rules} rules fires; {told}"


def _rules(seen: Sequence[Seen], now_s: float) -> Table:
    header = ("rule", "severity", "state", "for", "figure", "now", "fires")
    return Table("Rules", header, [_row(each, now_s) for each in seen])


def _row(seen: Seen, now_s: float) -> list[Cell]:
    rule = seen.watch.rule
    return [
        Cell(rule.name),
        Cell(rule.severity.value),
        Cell(seen.state.status, _TONES[seen.state.status]),
        Cell("" if math.isinf(seen.since_s) else lasted(now_s - seen.since_s)),
        Cell(rule.metric_name),
        Cell("no data" if math.isnan(seen.value) else f"{seen.value:.4g}"),
        Cell(f"{_SIGNS[rule.comparison]} {rule.threshold:g}"),
    ]


def _messages(standing: Standing) -> list[Table]:
    if not standing.mailboxes:
        return []
    rows = [
        [
            Cell(box.channel),
            Cell(f"{box.delivered:,}"),
            Cell(f"{box.waiting:,}", "bad" if box.waiting else "plain"),
            Cell(f"{box.given_up:,}", "bad" if box.given_up else "plain"),
            Cell(box.problem or ""),
        ]
        for box in standing.mailboxes
    ]
    header = ("channel", "delivered", "waiting", "given up", "why")
    return [Table("Messages of the last 30 days", header, rows)]


def _result(seen: Seen) -> Mapping[str, object]:
    rule = seen.watch.rule
    return {
        "rule": rule.name,
        "severity": rule.severity.value,
        "state": seen.state.status,
        "since_s": None if math.isinf(seen.since_s) else seen.since_s,
        "metric": rule.metric_name,
        "comparison": rule.comparison,
        "threshold": rule.threshold,
        "value": seen.value,
        "told": None if seen.notice is None else seen.notice.event,
    }
