"""The verdict of a run of the checklist."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from aurora_cli import exit_codes
from aurora_cli.exit_codes import Verdict
from aurora_cli.findings.outcome import STATES, State
from aurora_cli.preflight.check import CheckResult

BAD: Final[tuple[State, ...]] = ("fail", "stale")
"""Not ready."""
OPEN: Final[tuple[State, ...]] = ("unknown", "manual")
"""Ready or not cannot be said."""
_NOTABLE: Final[tuple[State, ...]] = ("warn", "waived")
"""Ready, with a remark."""
_NOT_RUN: Final[tuple[State, ...]] = ("n/a", "skipped")

_WORDS: Final = {Verdict.GOOD: "READY", Verdict.NOT_GOOD: "NOT READY", Verdict.NONE: "NO VERDICT"}
_REASONS: Final = {Verdict.GOOD: _NOTABLE, Verdict.NOT_GOOD: BAD, Verdict.NONE: OPEN}
_EXIT_CODES: Final = {
    Verdict.GOOD: exit_codes.GOOD,
    Verdict.NOT_GOOD: exit_codes.NOT_GOOD,
    Verdict.NONE: exit_codes.NO_VERDICT,
}


class Change(NamedTuple):
    """A check whose state differs from the baseline; "" if it was or is not on the list."""

    check: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.before or 'not on the list'} -> {self.after or 'not on the list'}"


@dataclass(frozen=True)
class ChecklistReport:
    """All results in the order of the list.

    ``selected``: the ids that the command line selected; the configuration is checked in any case.
    ``changes`` since a baseline, None without one; ``seconds``: the duration of the run.
    """

    results: Sequence[CheckResult]
    selected: Collection[str]
    config: Mapping[str, str] | None
    checked_at: datetime
    seconds: float
    changes: Sequence[Change] | None = None

    @property
    def counts(self) -> dict[State, int]:
        """The number of checks in each state; their sum is the number of checks."""
        counted = Counter(result.outcome.state for result in self.results)
        return {state: counted[state] for state in STATES}

    @property
    def verdict(self) -> Verdict:
        """Not good if a check is bad; none if one is open, or if no selected check was run; else good."""
        if self._has(BAD):
            return Verdict.NOT_GOOD
        return Verdict.NONE if self._has(OPEN) or not self._selected_states() else Verdict.GOOD

    @property
    def exit_code(self) -> int:
        """The exit code of the verdict."""
        return _EXIT_CODES[self.verdict]

    @property
    def summary_line(self) -> str:
        """The counts, such as ``21 checks: 16 pass, 1 fail, 4 manual``."""
        counts = ", ".join(f"{number} {state}" for state, number in self.counts.items() if number)
        return f"{len(self.results)} checks: {counts}"

    @property
    def conclusion(self) -> str:
        """The last line: the verdict, what it covers if that is a part, its reasons, the next command."""
        counts, reasons = self.counts, _REASONS[self.verdict]
        reason = ", ".join(
            f"{counts[state]} {state}" for state in STATES if state in reasons and counts[state]
        )
        if self.verdict is Verdict.NONE and not reason:
            reason = "no selected check was run"
        next_command = self._next_command()
        return (
            f"{_WORDS[self.verdict]}{self._part()}{f': {reason}' if reason else ''}"
            f"{f'. Next: {next_command}' if next_command else ''}"
        )

    def _part(self) -> str:
        """How many of the selected checks are good, if some were not selected."""
        skipped = self.counts["skipped"]
        states = self._selected_states()
        good = sum(state not in BAD + OPEN for state in states)
        checks = f"selected check{'' if len(states) == 1 else 's'}"
        return f" ({good} of {len(states)} {checks}; {skipped} not run)" if skipped else ""

    def _selected_states(self) -> list[State]:
        """The states of the selected checks that apply."""
        return [
            result.outcome.state
            for result in self.results
            if result.check.id in self.selected and result.outcome.state not in _NOT_RUN
        ]

    def _has(self, states: Collection[State]) -> bool:
        return any(result.outcome.state in states for result in self.results)

    def _next_command(self) -> str:
        for states in (BAD, OPEN):
            for result in self.results:
                if result.outcome.state in states:
                    return f"aurora preflight --check {result.check.id} -v"
        return ""
