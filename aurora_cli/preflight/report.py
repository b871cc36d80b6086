"""What a run of the checklist came to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from aurora_cli import exits
from aurora_cli.exits import Verdict
from aurora_cli.preflight.check import Check
from aurora_cli.preflight.outcome import STATES, Outcome, State

BAD: tuple[State, ...] = ("fail", "stale")
"""Not ready."""
OPEN: tuple[State, ...] = ("unknown", "manual")
"""Nobody can say whether it is ready."""


class Entry(NamedTuple):
    """A check, what became of it, and how long it took in seconds."""

    check: Check
    outcome: Outcome
    seconds: float


class Change(NamedTuple):
    """A check that stands otherwise than before; "" where there was none."""

    check: str
    before: str
    after: str


@dataclass(frozen=True)
class Report:
    """All entries in the order of the list; ``changes`` since a baseline, None without one."""

    entries: Sequence[Entry]
    config: Mapping[str, str] | None
    seen_at: datetime
    seconds: float
    changes: Sequence[Change] | None = None

    @property
    def counts(self) -> dict[State, int]:
        """How many there are in each state; their sum is the number of checks."""
        counted = Counter(entry.outcome.state for entry in self.entries)
        return {state: counted[state] for state in STATES}

    @property
    def exit_code(self) -> int:
        """1 where one is bad, 3 where one is open, else 0."""
        counts = self.counts
        if any(counts[state] for state in BAD):
            return exits.NOT_GOOD
        return exits.NO_VERDICT if any(counts[state] for state in OPEN) else exits.GOOD

    @property
    def verdict(self) -> Verdict:
        """Ready, not ready, or nobody can say."""
        return {
            exits.GOOD: Verdict.GOOD,
            exits.NOT_GOOD: Verdict.NOT_GOOD,
            exits.NO_VERDICT: Verdict.NONE,
        }[self.exit_code]

    @property
    def summed(self) -> str:
        """``20 checks: 15 pass, 1 fail, 4 manual``."""
        told = ", ".join(f"{number} {state}" for state, number in self.counts.items() if number)
        return f"{len(self.entries)} checks: {told}"

    @property
    def decided(self) -> str:
        """The sentence that stands last."""
        counts = self.counts
        weighed = {exits.GOOD: ("warn", "waived"), exits.NOT_GOOD: BAD, exits.NO_VERDICT: OPEN}[
            self.exit_code
        ]
        told = ", ".join(f"{counts[state]} {state}" for state in STATES if state in weighed and counts[state])
        word = {Verdict.GOOD: "READY", Verdict.NOT_GOOD: "NOT READY", Verdict.NONE: "NO VERDICT"}[
            self.verdict
        ]
        following = self.following
        return f"{word}{f': {told}' if told else ''}{f'. Next: {following}' if following else ''}"

    @property
    def following(self) -> str:
        """The command that helps next."""
        for states in (BAD, OPEN):
            for entry in self.entries:
                if entry.outcome.state in states:
                    return f"aurora preflight --check {entry.check.id} -v"
        return ""
