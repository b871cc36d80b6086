"""The parts of the page: each runs something, and says what happened, was foretold and was promised."""

import tempfile

from . import explaining, hour, ladder, promises, real, tables
from .promises import Promise

EVERYTHING = """\
## {minutes:g} virtual minutes, told everything

{tasks} tasks on a manual clock share one pipeline. The provider keeps to a plan, which the simulator has
too: the answer to each call's first attempt and its time, of retries the share of the minute, and a limit of
its own, {rpm:,} a minute, whose 429 says when to come back. It is written apart from the simulator's, and
draws the same numbers.
"""
LOG = """\
## {minutes:g} virtual minutes, told the log

The same tasks and parts, and a provider that goes by its own weather: a limit by the second, outages of
twelve seconds, a time of its own for each attempt. The simulator sees what a log has: of each call its
arrival, and of its first attempt the answer and the time.
"""
REAL = """\
## {minutes:g} real minutes

{threads} threads and {tasks} tasks at once share one pipeline, a cache with a file, and metrics with a store,
against an HTTP server in another process on loopback that limits, fails, hangs up, is slow and is out. The
calls' arrivals, and what a log has of them, are then replayed.
"""


def with_all_draws(minutes, seed, progress):
    """The hour of which the simulator knows all there is: the page's part, and whether all is kept."""
    progress.begin("the virtual hour, told everything", at_once=True)
    record, counts, predicted = hour.with_all_draws(minutes, seed, progress.step)
    late = int((record.arrival_s != hour.arrivals(minutes, seed)).sum())
    kept = [
        Promise(f"calls that came late, all {hour.TASKS} tasks being busy", f"{late:,}", "none", late == 0),
        _foretold("calls", record, predicted),
        *promises.of_any(record, counts),
    ]
    log = record.workload()
    happened, foretold = tables.counted(log, record.replayed()), tables.counted(log, predicted)
    lines = [
        EVERYTHING.format(minutes=minutes, tasks=hour.TASKS, rpm=hour.LIMIT.rpm),
        tables.side_by_side({explaining.LIVE: happened, explaining.FORETOLD: foretold}),
        promises.table(kept),
    ]
    return lines, promises.all_kept(kept)


def with_the_log(minutes, seed, progress):
    """The hour of which the simulator knows a log."""
    progress.begin("the virtual hour, told the log", at_once=True)
    record, counts = hour.with_the_log(minutes, seed, progress.step)
    climbed = ladder.climb(record, seed, progress.step)
    kept = [
        _foretold("calls, with every attempt as it was,", climbed.rungs[0], record.replayed()),
        _foretold("calls of the last live run", climbed.rungs[-1], climbed.predicted),
        *promises.of_any(record, counts),
    ]
    lines = [
        LOG.format(minutes=minutes),
        *explaining.differences(record, climbed, "nothing: the same answers on the same clock"),
        promises.table(kept),
    ]
    return lines, promises.all_kept(kept)


def in_real_time(minutes, seed, progress):
    """The soak in real time, and its replay."""
    progress.begin("real minutes", at_once=True)
    with tempfile.TemporaryDirectory(prefix="aurora-soak-") as folder:
        soaked = real.soak(minutes, folder, seed, progress.step)
    progress.begin("the real minutes again, on a manual clock", at_once=True)
    climbed = ladder.climb(soaked.record, seed, progress.step)
    kept = [
        *promises.of_any(soaked.record, soaked.counted),
        *promises.of_real(soaked),
        _foretold("calls of the last live run", climbed.rungs[-1], climbed.predicted),
    ]
    lines = [
        REAL.format(minutes=minutes, threads=real.THREADS, tasks=real.TASKS),
        *explaining.differences(soaked.record, climbed, explaining.lateness(soaked.record)),
        promises.table(kept),
        tables.holdings(soaked.holdings),
    ]
    return lines, promises.all_kept(kept)


def _foretold(what, record, predicted):
    """The promise of a prediction that is exact: outcome, attempts, start and end of each call."""
    differing = ladder.differing(record.replayed(), predicted)
    measured = f"{differing:,} of {len(record.outcome):,}"
    return Promise(f"{what} not foretold to the last bit", measured, "none", differing == 0)
