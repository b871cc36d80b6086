"""A wait too short for a place to come free.

At N a minute a place comes free every 60/N s in a steady stream, and after a burst of N only when the
first of them is a minute old. A caller that may not wait so long is refused while the provider has
nothing to do with it.

Example::

    [rate_limit]
    rpm = 60
    max_wait = 0.5

Instead::

    [rate_limit]
    rpm = 60
    max_wait = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.units import show_duration
from aurora_core.laws.window import PERIOD_S


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare it with the time for one place, and for the window to move on after a burst."""
    limit = subject.settings.rate_limit
    about = ["rate_limit.max_wait", "rate_limit.rpm", "rate_limit.burst"]
    wait, place_s = show_duration(limit.max_wait, "s"), PERIOD_S / limit.rpm
    if limit.max_wait < place_s:
        message = f"`rate_limit.max_wait` is {wait}, and at {limit.rpm} rpm one place takes {place_s:.3g} s"
        yield Complaint(message, f"allow at least {place_s:.3g} s", about=about)
    elif limit.burst is None and limit.max_wait < PERIOD_S:
        message = (
            f"`rate_limit.max_wait` is {wait}; after a burst of {limit.rpm} the next place is free only when "
            f"the window has moved on, after up to {PERIOD_S:g} s: callers between are refused"
        )
        yield Complaint(
            message, "allow 60 s, or set `burst` for an even spacing", about=about, severity="note"
        )
