"""What became of a check: its state, a sentence, how to mend it, and what was seen."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args

State = Literal["pass", "warn", "fail", "stale", "unknown", "manual", "waived", "n/a", "skipped"]
"""``stale``: the word that was given has expired. ``unknown``: it could not be looked at. ``manual``: only a
person can say."""

STATES: Final[tuple[State, ...]] = get_args(State)


@dataclass(frozen=True)
class Evidence:
    """Something that was looked at, for passes too.

    ``kind``: command, file, address, store, note or traceback; ``what``: which one; ``told``: its exit code,
    hash or status; ``excerpt``: what it said.
    """

    kind: str
    what: str
    told: str = ""
    excerpt: str = ""


@dataclass(frozen=True)
class Outcome:
    """A state and a sentence; ``help`` says how to mend it."""

    state: State
    message: str
    help: str = ""
    evidence: tuple[Evidence, ...] = ()


def to_plain(outcome: Outcome) -> dict[str, Any]:
    """As a process hands it to another."""
    return asdict(outcome)


def from_plain(plain: Mapping[str, Any]) -> Outcome:
    """What :func:`to_plain` made."""
    evidence = tuple(Evidence(**seen) for seen in plain["evidence"])
    return Outcome(plain["state"], plain["message"], plain["help"], evidence)
