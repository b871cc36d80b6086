"""A soak: ``python benchmarks/soak.py [--virtual-minutes 60] [--minutes 10] [--seed 1] [--write]``.

Traffic of an hour in virtual time and ten minutes of real time, faults throughout, with the simulator's
prediction beside what happened. Not in CI. Ends with 1 where a promise is missed.
"""

import argparse
import platform
import sys
from pathlib import Path

from soaking import report
from soaking.parts import setting

from aurora_cli.exit_codes import GOOD, INTERRUPTED, NOT_GOOD
from aurora_cli.progress import Progress

HEAD = """# The soak

    pip install ".[bench]" && python benchmarks/soak.py --write

writes this page. It takes eleven minutes and is not in CI. Faults throughout: the provider limits, fails,
hangs up, is slow, and is out for twelve seconds of every five minutes. A promise that is missed says so here,
and the command ends with 1. `--virtual-minutes` and `--minutes` say how long; 0 leaves that part out.
"""

LEAST_MINUTES, MOST_MINUTES = 0.5, 24 * 60
SAY_EVERY_S = 60.0


class ProgressPrinter(Progress):
    """Progress at a terminal; in a pipe a line a minute."""

    def begin(self, task, *, at_once=False):
        super().begin(task, at_once=at_once)
        self._printed_at = self._clock.now()
        self._print_progress(f"{task} ...")

    def step(self, done, total):
        super().step(done, total)
        if self._clock.now() - self._printed_at >= SAY_EVERY_S:
            self._printed_at = self._clock.now()
            self._print_progress(f"{self._task}: {100 * done // max(total, 1)} %")

    def _print_progress(self, words):
        if not self._shown:
            print(words, file=sys.stderr, flush=True)


def main(arguments):
    requested = _parsed(arguments)
    parts = [
        (report.with_all_draws, requested.virtual_minutes),
        (report.with_the_log, requested.virtual_minutes),
    ]
    parts.append((report.in_real_time, requested.minutes))
    page = [HEAD, f"Python {platform.python_version()}, {platform.machine()}, two cores. {setting()}\n"]
    kept = True
    with ProgressPrinter() as progress:
        for part, minutes in parts:
            if minutes:
                lines, well = part(minutes, requested.seed, progress)
                kept = kept and well
                page += lines
                print("\n".join(lines), flush=True)
    if requested.write:
        Path(__file__).with_name("SOAK.md").write_text("\n".join(page))
    return GOOD if kept else NOT_GOOD


def _parsed(arguments):
    parser = argparse.ArgumentParser(description="A soak in virtual and in real time.")
    parser.add_argument("--virtual-minutes", type=_minutes, default=60.0, metavar="N")
    parser.add_argument("--minutes", type=_minutes, default=10.0, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write SOAK.md")
    requested = parser.parse_args(arguments)
    if requested.write and not (requested.minutes and requested.virtual_minutes):
        parser.error("--write needs both parts")
    return requested


def _minutes(text):
    minutes = float(text)
    if minutes != 0 and not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise argparse.ArgumentTypeError(f"it is 0, or from {LEAST_MINUTES} to {MOST_MINUTES:,}, not {text}")
    return minutes


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
