"""What makes the difference between what happened and what was foretold, measured step by step."""

from itertools import pairwise

import numpy as np

from . import ladder, tables
from .weather import OK

LIVE, FORETOLD = "happened", "simulator"

INTRODUCTION = f"""\
The columns go from what happened to what was foretold. In each the live parts go through the same calls
again, on a manual clock, with a provider that has forgotten one thing more, until it knows as little as the
simulator. The last column is the simulator with {ladder.SEEDS} other seeds, from least to most: what chance
does.
"""


def differences(record, climbed, on_the_clock):
    """The table of all columns, and what makes each difference; ``on_the_clock`` is the first's reason."""
    runs = [record.replayed(), *(run.replayed() for run in climbed.rungs)]
    columns = [tables.counted(climbed.log, run) for run in runs]
    others = [tables.counted(climbed.log, other) for other in climbed.others]
    names = [LIVE, *(rung.name for rung in ladder.RUNGS)]
    shown = {
        **dict(zip(names, columns, strict=True)),
        FORETOLD: tables.counted(climbed.log, climbed.predicted),
        "other seeds": tables.ranges(others),
    }
    steps = []
    for rung, ends, stats in zip(ladder.RUNGS, pairwise(runs), pairwise(columns), strict=True):
        changed = ladder.differing(*ends, ("outcome", "attempts"))
        steps.append(
            f"- *{rung.name}*: {rung.why or on_the_clock}. Calls that end otherwise or take other attempts: "
            f"{changed:,}. Moved: {tables.moves(*stats)}."
        )
    return [INTRODUCTION, tables.side_by_side(shown), "\n".join([*steps, _beyond(columns[0], others), ""])]


def lateness(record):
    """What real time adds, which a manual clock does not have."""
    attempts = record.attempts
    late = (attempts["sent"] - attempts["granted"]) * 1000
    beyond = ((attempts["took"] - attempts["planned"]) * 1000)[attempts["kind"] == OK]
    return (
        f"on a manual clock nothing comes late. Live, an attempt left {_spread(late)} after the moment that "
        f"the limiter had granted; that HTTP took {_spread(beyond)} longer than the server meant to is in "
        "the times of the log"
    )


def _beyond(happened, others):
    """Which figures lie where no other seed takes the prediction: those are not chance."""
    outside = [
        name
        for name, metric in happened.items()
        if not min(o[name].value for o in others) <= metric.value <= max(o[name].value for o in others)
    ]
    return f"- Not chance, since no other seed foretells what happened: {', '.join(outside) or 'nothing'}."


def _spread(ms):
    p50, p99, most = np.percentile(ms, (50, 99, 100))
    return f"{p50:.2f} ms (P99 {p99:.1f} ms, at most {most:.0f} ms)"
