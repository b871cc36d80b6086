"""The states of the circuit breaker, from the law itself: each event is tried in each state."""

import math
from collections.abc import Iterator
from html import escape
from typing import Final, NamedTuple

from aurora_core.laws import breaker
from docs.generate import markdown
from docs.generate.markdown import table

_SUMMARY = """\
Each row is made by running the law `aurora_core.laws.breaker`. A call is admitted in a generation, and
every change of state begins a new one; a result that arrives in a later generation changes nothing."""
_NAMES: Final = {breaker.CLOSED: "CLOSED", breaker.OPEN: "OPEN", breaker.HALF_OPEN: "HALF_OPEN"}
_RESULTS: Final = {breaker.SUCCESS: "success", breaker.FAILURE: "failure", breaker.NEUTRAL: "ignored result"}
_POLICY: Final = breaker.BreakerPolicy(
    threshold=2, timeout_s=60, failure_rate=math.inf, minimum_calls=math.inf, window_s=60
)
_RING: Final = [-math.inf] * 1024
"""The window of the failure rate, which this policy does not use."""
_CENTRES: Final = {"CLOSED": (120, 60), "OPEN": (600, 60), "HALF_OPEN": (360, 230)}


class _Transition(NamedTuple):
    state: str
    event: str
    next: str
    effect: str = ""


def page() -> str:
    """Return the page: the diagram, and the table of all transitions."""
    drawing = "![The states of the breaker and the events between them](breaker-states.svg)"
    rows = [(f"`{item.state}`", item.event, f"`{item.next}`", item.effect) for item in _transitions()]
    return markdown.page(
        "Breaker states", _SUMMARY, drawing, table(("State", "Event", "Next state", "Effect"), rows)
    )


def _transitions() -> Iterator[_Transition]:
    """Yield what the law answers in each state, before and after its timeout."""
    closed = breaker.FRESH
    failed = breaker.report(_POLICY, closed, _RING, closed.generation, 0, breaker.FAILURE)
    opened = breaker.report(_POLICY, failed, _RING, failed.generation, 0, breaker.FAILURE)
    probing, _ = breaker.admit(_POLICY, opened, _POLICY.timeout_s)
    yield _admitted(closed, "call", 0)
    yield from _reported(closed, " below the threshold")
    yield from list(_reported(failed, " at the threshold"))[1:2]
    yield _admitted(opened, "call before the timeout", 0)
    yield _admitted(opened, "call after the timeout", _POLICY.timeout_s)
    yield _admitted(probing, "call during the probe", _POLICY.timeout_s)
    yield _admitted(probing, "call after a probe that never reported", 2 * _POLICY.timeout_s)
    yield from _reported(probing, " of the probe")


def _admitted(state: breaker.BreakerState, event: str, now: float) -> _Transition:
    after, wait = breaker.admit(_POLICY, state, now)
    is_probe = after.mode == breaker.HALF_OPEN and not wait
    effect = "refused" if wait else "admitted as the probe" if is_probe else "admitted"
    return _Transition(_NAMES[state.mode], event, _NAMES[after.mode], effect)


def _reported(state: breaker.BreakerState, detail: str) -> Iterator[_Transition]:
    for result, name in _RESULTS.items():
        after = breaker.report(_POLICY, state, _RING, state.generation, state.probe_at, result)
        described = name + (detail if state.mode != breaker.CLOSED or result == breaker.FAILURE else "")
        yield _Transition(_NAMES[state.mode], described, _NAMES[after.mode], _effect(state, after))


def _effect(before: breaker.BreakerState, after: breaker.BreakerState) -> str:
    if before.mode != after.mode or before == after:
        return ""
    return "next call is the probe" if after.mode == breaker.HALF_OPEN else "one more failure in a row"


def diagram() -> str:
    """Return the diagram as SVG: an arrow for each pair of states, with the events that lead along it."""
    events: dict[tuple[str, str], list[str]] = {}
    for item in _transitions():
        if item.state != item.next:
            events.setdefault((item.state, item.next), []).append(item.event)
    parts = [_arrow(*pair, " or ".join(labels)) for pair, labels in events.items()]
    parts += [_box(name) for name in _CENTRES]
    return _SVG.replace("BODY", "\n".join(parts))


def _box(name: str) -> str:
    x, y = _CENTRES[name]
    return (
        f'<rect x="{x - 70}" y="{y - 24}" width="140" height="48" rx="8"/>'
        f'<text class="state" x="{x}" y="{y + 5}">{name}</text>'
    )


def _arrow(start: str, end: str, label: str) -> str:
    """Return a curve from the edge of one box to the edge of another, bent to its left."""
    (x1, y1), (x2, y2) = _CENTRES[start], _CENTRES[end]
    length = math.hypot(x2 - x1, y2 - y1)
    along, across = ((x2 - x1) / length, (y2 - y1) / length), ((y2 - y1) / length, -(x2 - x1) / length)
    bend_x, bend_y = (x1 + x2) / 2 + 44 * across[0], (y1 + y2) / 2 + 44 * across[1]
    from_x, from_y = x1 + 80 * along[0], y1 + 30 * along[1]
    to_x, to_y = x2 - 80 * along[0], y2 - 30 * along[1]
    # The curve passes halfway between the straight line and the bend; the label stands beside it.
    text_x, text_y = (x1 + x2) / 2 + 28 * across[0], (y1 + y2) / 2 + 28 * across[1]
    anchor = "middle" if abs(across[0]) < 0.3 else "start" if across[0] > 0 else "end"  # noqa: PLR2004
    return (
        f'<path d="M{from_x:.0f},{from_y:.0f} Q{bend_x:.0f},{bend_y:.0f} {to_x:.0f},{to_y:.0f}"/>'
        f'<text text-anchor="{anchor}" x="{text_x:.0f}" y="{text_y:.0f}">{escape(label)}</text>'
    )


_SVG: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 280" role="img" aria-label="States of the breaker">
<style>
  rect { fill: #e8eefc; stroke: #3b5bdb; stroke-width: 1.5 }
  path { fill: none; stroke: #868e96; stroke-width: 1.5; marker-end: url(#head) }
  text { font: 13px system-ui, sans-serif; fill: #868e96 }
  text.state { font-weight: 600; text-anchor: middle; fill: #1b2a57 }
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
  <polygon points="0,0 8,4 0,8" fill="#868e96"/></marker></defs>
BODY
</svg>
"""
