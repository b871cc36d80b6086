"""Parses the options of the command: source, targets, moment and window."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from aurora_cli.exit_codes import NoVerdictError, UsageError
from aurora_cli.sla_report.period import Period, parse_period
from aurora_core.config.sections.sla import Sla
from aurora_core.config.suggest import closest_match
from aurora_core.config.units import show_duration
from aurora_core.errors import StoreError
from aurora_core.store.metrics import MetricsReader

ALL: Final = "all"

_NAMES: Final = {
    "availability": "availability",
    "p95": "p95_latency_ms",
    "p95_latency": "p95_latency_ms",
    "error_rate": "error_rate",
    "cache_hit_rate": "cache_hit_rate",
}


def apply_targets(sla: Sla, texts: Sequence[str]) -> Sla:
    """Replace targets of the SLA: ``availability=99.95``, ``p95=400ms``. A share above 1 is in percent."""
    changed: dict[str, object] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or name not in _NAMES:
            almost = closest_match(name, _NAMES)
            hint = (
                f"; did you mean {almost}?" if almost and equals else f"; expected one of {', '.join(_NAMES)}"
            )
            raise UsageError(f"invalid --target {text}: expected NAME=TARGET, e.g. availability=99.95{hint}")
        field = _NAMES[name]
        changed[field] = value if field.endswith("_ms") else _parse_share(value)
    try:
        return Sla.model_validate({**sla.model_dump(), **changed})
    except ValidationError as error:
        (first, *_) = error.errors(include_url=False)
        raise UsageError(f"--target {first['loc'][0]}: {first['msg']}") from None


def parse_now(text: str | None, zone: ZoneInfo, clock_s: float) -> datetime:
    """Parse ``--now``; without it, the time of the clock."""
    if text is None:
        return datetime.fromtimestamp(clock_s, UTC)
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"invalid --now {text}: expected ISO 8601, e.g. 2026-10-01T08:00") from None


def parse_window(text: str | None, sla: Sla, store: MetricsReader, zone: ZoneInfo, now: datetime) -> Period:
    """Parse ``--window``: ``all`` is all that the store has; without it, the window of the SLA."""
    if text != ALL:
        return parse_period(text or show_duration(sla.window, "s").replace(" ", ""), zone, now)
    try:
        stored = store.time_range()
    except StoreError as error:
        raise explain_missing_store(error) from None
    if stored is None:
        raise NoVerdictError(f"{store.url} holds no metrics yet")
    start, end = (datetime.fromtimestamp(seconds, UTC) for seconds in stored)
    return Period(start, end, zone, ALL, end)


def explain_missing_store(error: StoreError) -> NoVerdictError:
    """Explain why there is no verdict, and how to get a store."""
    return NoVerdictError(
        f"{error}\na service writes one with MetricsCollector(store=..), "
        "`aurora simulate LOG --store FILE` makes one of a log; name it with --store FILE"
    )


def _parse_share(text: str) -> object:
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{text}%" if number > 1 else number
