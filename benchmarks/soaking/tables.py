"""What a run comes to, beside its prediction."""

from typing import NamedTuple

from aurora_cli.simulate import outcomes
from aurora_cli.simulate.stats import compute_stats

from .parts import SCENARIO

WORTH_TELLING = 0.01
MAX_LISTED = 5
OUTCOMES = (
    (outcomes.FIRST_TRY, "first try"),
    (outcomes.RECOVERED, "recovered"),
    (outcomes.RETRIES_EXHAUSTED, "retries_exhausted"),
    (outcomes.NON_RETRYABLE, "non-retryable"),
    (outcomes.RATE_LIMITED, "rate limited"),
    (outcomes.BREAKER_OPEN, "breaker open"),
)


class Statistic(NamedTuple):
    """A number and how it is written."""

    value: float
    form: str

    def __str__(self):
        return self.form.format(self.value)


def counted(workload, replay):
    """Stats by name; live or replayed, they are counted by the same code."""
    found = compute_stats(workload, replay, SCENARIO)
    rows = {"calls": Statistic(found.total, "{:,.0f}")}
    rows |= {name: Statistic(found.queries[kind], "{:,.0f}") for kind, name in OUTCOMES}
    rows |= {
        "attempts": Statistic(found.attempts, "{:,.0f}"),
        "amplification": Statistic(found.amplification, "{:.4f}"),
        "recovery rate": Statistic(found.recovery_rate, "{:.2%}"),
        "most starts in a minute": Statistic(found.peak_starts_per_minute, "{:,.0f}"),
    }
    spreads = {"latency of the answered": found.answered_ms, "wait at the limiter": found.wait_ms}
    for what, spread in spreads.items():
        for name in ("p50", "p95", "p99"):
            rows[f"{what}, {name.upper()}"] = Statistic(getattr(spread, name), "{:,.0f} ms")
    return rows


def side_by_side(columns):
    """A table of columns by name, each with figures by name."""
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for name in next(iter(columns.values())):
        cells = " | ".join(str(column[name]) for column in columns.values())
        lines.append(f"| {name} | {cells} |")
    return "\n".join([*lines, ""])


def ranges(columns):
    """From the least to the greatest of each figure."""
    least_and_most = {}
    for name, metric in columns[0].items():
        values = [column[name].value for column in columns]
        least, most = Statistic(min(values), metric.form), Statistic(max(values), metric.form)
        least_and_most[name] = f"{least}" if str(least) == str(most) else f"{least} to {most}"
    return least_and_most


def moves(before, after):
    """In words, the figures that moved most from one column to the next."""
    moved = []
    for name, old in before.items():
        new = after[name]
        share = abs(new.value - old.value) / max(abs(old.value), abs(new.value), 1e-9)
        if share > WORTH_TELLING and abs(new.value - old.value) >= 2 * ("{:,.0f}" in old.form):
            moved.append((share, f"{name} {old} to {new}"))
    moved.sort(key=lambda pair: -pair[0])
    return "; ".join(words for _, words in moved[:MAX_LISTED]) or "nothing by more than 1 %"


def holdings(by_moment):
    """What the process held, by moment."""
    lines = ["| | memory | held by the core's lines | open descriptors | threads |", "|---|---|---|---|---|"]
    lines += [
        f"| {moment} | {held.resident / 1e6:.1f} MB | {held.core / 1024:.0f} KB | {held.descriptors} "
        f"| {held.threads} |"
        for moment, held in by_moment.items()
    ]
    return "\n".join([*lines, ""])
