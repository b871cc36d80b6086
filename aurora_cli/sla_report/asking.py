"""What was asked for: the source, another SLA, another moment."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from aurora_cli.exits import NoVerdict, Usage
from aurora_cli.sla_report.period import Period, period
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


def as_if(sla: Sla, wishes: Sequence[str]) -> Sla:
    """The SLA with other targets: ``availability=99.95``, ``p95=400ms``. A share above 1 is in percent."""
    changed: dict[str, object] = {}
    for wish in wishes:
        name, equals, text = (part.strip() for part in wish.partition("="))
        if not equals or name not in _NAMES:
            almost = closest_match(name, _NAMES)
            hint = f"; did you mean {almost}?" if almost and equals else f"; there are {', '.join(_NAMES)}"
            raise Usage(f"--as-if {wish} is not like availability=99.95{hint}")
        field = _NAMES[name]
        changed[field] = text if field.endswith("_ms") else _share(text)
    try:
        return Sla.model_validate({**sla.model_dump(), **changed})
    except ValidationError as error:
        (first, *_) = error.errors(include_url=False)
        raise Usage(f"--as-if {first['loc'][0]}: {first['msg']}") from None


def moment(text: str | None, zone: ZoneInfo, clock_s: float) -> datetime:
    """``--now``, or the clock's."""
    if text is None:
        return datetime.fromtimestamp(clock_s, UTC)
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Usage(f"--now {text} is no moment like 2026-10-01T08:00") from None


def asked_period(text: str | None, sla: Sla, store: MetricsReader, zone: ZoneInfo, now: datetime) -> Period:
    """The window that was asked for; ``all`` is all that the store has, none that of the SLA."""
    if text != ALL:
        return period(text or show_duration(sla.window, "s").replace(" ", ""), zone, now)
    try:
        found = store.time_range()
    except StoreError as error:
        raise no_store(error) from None
    if found is None:
        raise NoVerdict(f"{store.url} holds no metrics yet")
    start, end = (datetime.fromtimestamp(seconds, UTC) for seconds in found)
    return Period(start, end, zone, ALL, end)


def no_store(error: StoreError) -> NoVerdict:
    """Why there is no verdict, and how to come to one."""
    return NoVerdict(
        f"{error}\na service writes one with MetricsCollector(store=..), "
        "`aurora simulate LOG --store FILE` makes one of a log; name it with --store FILE"
    )


def _share(text: str) -> object:
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{text}%" if number > 1 else number
