"""A look at all alert rules: from what was measured to messages on their way, in one step."""

import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Final, NamedTuple

from aurora_core.alerting.figures import figures, window_before
from aurora_core.alerting.notice import Notice, fire
from aurora_core.alerting.rules import AlertSeverity
from aurora_core.alerting.state import AlertState, Watch, advance, message
from aurora_core.metrics.rollup_row import sum_by
from aurora_core.security import Masker
from aurora_core.store.alerts import AlertBook, Page, Standing

ORPHANED_S: Final = 900.0
"""A rule that nobody has looked at for so long is no longer watched: it was taken out of the settings."""


class Seen(NamedTuple):
    """A rule at a look: its figure (NaN: no data), where it stands, and the message that it gave, if any.

    ``since_s``: since when it fires, or is pending; infinite where it is ok.
    """

    watch: Watch
    value: float
    state: AlertState
    since_s: float
    notice: Notice | None


class Look(NamedTuple):
    """All rules at one moment, seconds of UTC. ``measured``: some process lived through a rule's window."""

    at_s: float
    seen: Sequence[Seen]
    measured: bool
    posted: Sequence[Notice]


class Lookout:
    """Looks at rules over what a store has measured; several processes may, and each fire is told once.

    ``route`` names the channels of a severity, ``place`` this service in its keys, ``availability`` the
    target of burn rates. ``masker`` takes out of a message what must not be in one.
    """

    def __init__(
        self,
        book: AlertBook,
        watches: Sequence[Watch],
        route: Callable[[AlertSeverity], Sequence[str]],
        *,
        place: str,
        availability: float,
        masker: Masker,
    ) -> None:
        self._book = book
        self._watches = watches
        self._route = route
        self._place = place
        self._availability = availability
        self._masker = masker

    def look(self, now_s: float) -> Look:
        """Move each rule on, and post what there is to tell; whole, or ``StoreError`` and nothing changed."""
        seen, posted = [], []
        after: dict[str, Standing] = {}
        with self._book.turn() as page:
            before = page.standings()
            measured = self._measured(page, now_s)
            for watch in self._watches:
                was = before.pop(watch.rule.name, Standing(AlertState(), now_s))
                found = measured[watch.window_s]
                holds = None if found is None else watch.holds(found)
                value = _figure(found, watch)
                standing, notice = self._moved(watch, was, holds, value, now_s)
                if notice is not None:
                    page.post(notice, standing.channels or was.channels)
                    posted.append(notice)
                if standing.state.status != "ok":
                    after[watch.rule.name] = standing
                seen.append(Seen(watch, value, standing.state, _since(standing), notice))
            posted += _orphans(page, before, after, now_s)
            page.keep(after)
        return Look(now_s, seen, any(found is not None for found in measured.values()), posted)

    def _measured(self, page: Page, now_s: float) -> dict[float, Mapping[str, object] | None]:
        """The figures of each window in seconds, None where nobody measured in it."""
        found: dict[float, Mapping[str, object] | None] = {}
        for window_s in {watch.window_s for watch in self._watches}:
            slices = page.slices(*window_before(now_s, window_s))
            total = sum_by(slices, lambda _: None).get(None)
            found[window_s] = None if total is None else figures(total, self._availability)
        return found

    def _moved(
        self, watch: Watch, was: Standing, holds: bool | None, value: float, now_s: float
    ) -> tuple[Standing, Notice | None]:
        state = advance(was.state, holds=holds, now_s=now_s, for_s=watch.for_s, clear_for_s=watch.clear_for_s)
        told = message(was.state, state)
        if told == "fire":
            notice = self._masked(fire(watch.rule, value, now_s, self._place))
            return Standing(state, now_s, notice, tuple(self._route(watch.rule.severity))), notice
        if told == "resolve" and was.notice is not None:
            return Standing(state, now_s), was.notice.resolved(value, now_s)
        return was._replace(state=state, looked_s=now_s), None

    def _masked(self, notice: Notice) -> Notice:
        return notice._replace(what=self._masker.mask(notice.what))


def _figure(found: Mapping[str, object] | None, watch: Watch) -> float:
    value = (found or {}).get(watch.rule.metric_name)
    return float(value) if isinstance(value, Real) else math.nan


def _since(standing: Standing) -> float:
    if standing.notice is not None:
        return standing.notice.fired_s
    return standing.state.since_s if standing.state.status == "pending" else math.inf


def _orphans(page: Page, left: dict[str, Standing], after: dict[str, Standing], now_s: float) -> list[Notice]:
    """What stands of rules that are not ours: another process may look at them, or nobody any more.

    While two versions of a service run, one must not end what the other has begun.
    """
    posted = []
    for rule, standing in left.items():
        if now_s - standing.looked_s < ORPHANED_S:
            after[rule] = standing
        elif standing.notice is not None:
            notice = standing.notice.resolved(math.nan, now_s)
            page.post(notice, standing.channels)
            posted.append(notice)
    return posted
