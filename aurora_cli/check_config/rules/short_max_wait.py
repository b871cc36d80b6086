"""A maximum wait that is shorter than the wait for a permit.

At N per minute, a permit is free every 60/N s in a steady stream, and after N requests at once only when the
first of them is a minute old. A caller that may not wait that long is refused, although the provider is
fine.

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

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.units import show_duration
from aurora_core.laws.window import PERIOD_S


def check(context: LintContext) -> Iterator[Violation]:
    """Compare it with the interval of permits, and with the window after N requests at once."""
    limit = context.settings.rate_limit
    about = ["rate_limit.max_wait", "rate_limit.rpm", "rate_limit.burst"]
    wait, interval_s = show_duration(limit.max_wait, "s"), PERIOD_S / limit.rpm
    if limit.max_wait < interval_s:
        message = f"`rate_limit.max_wait` is {wait}, but a permit is free every {interval_s:.3g} s"
        yield Violation(message, f"set at least {interval_s:.3g} s", about=about)
    elif limit.burst is None and limit.max_wait < PERIOD_S:
        message = (
            f"`rate_limit.max_wait` is {wait}, but after {limit.rpm} requests at once the next permit is "
            f"free after up to {PERIOD_S:g} s; callers in between are refused"
        )
        yield Violation(message, "set 60 s, or set `burst` for an even spacing", about=about, severity="note")
