"""A person's word: attestations and waivers, in a file under version control."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import tomli_w

from aurora_cli.exits import Usage
from aurora_cli.output import replacing

_HEAD = "# Written by `aurora preflight --attest` and `--waive`; keep it under version control.\n\n"


@dataclass(frozen=True)
class Attestation:
    """``by`` says that a check passes until the end of ``valid_until``, as ``evidence`` shows."""

    check: str
    by: str
    at: str
    valid_until: date
    evidence: str
    sha256: str
    commit: str


@dataclass(frozen=True)
class Waiver:
    """A check that may be bad until the end of ``until``, and why."""

    check: str
    reason: str
    until: date
    by: str


@dataclass(frozen=True)
class Testimony:
    """All words that were given; of one check the last counts."""

    attestations: Mapping[str, Attestation]
    waivers: Mapping[str, Waiver]


def read(path: Path) -> Testimony:
    """Read the file; nothing was said where there is none. ``Usage`` where it cannot be understood."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Testimony({}, {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Usage(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        attested = [Attestation(**row) for row in content.pop("attestation", [])]
        waived = [Waiver(**row) for row in content.pop("waiver", [])]
        _check_dates(attested, waived)
    except (TypeError, ValueError) as error:
        raise Usage(f"{path} is not what `aurora preflight --attest` writes: {error}") from None
    if content:
        raise Usage(f"{path}: unknown key `{next(iter(content))}`")
    return Testimony({each.check: each for each in attested}, {each.check: each for each in waived})


def write(path: Path, testimony: Testimony) -> None:
    """Write the file, whole or not at all."""
    content: dict[str, Any] = {
        "attestation": [vars(each) for each in testimony.attestations.values()],
        "waiver": [vars(each) for each in testimony.waivers.values()],
    }
    if not path.absolute().parent.is_dir():
        raise Usage(f"{path}: there is no folder {path.absolute().parent}")
    with replacing(path) as unfinished:
        text = tomli_w.dumps({name: rows for name, rows in content.items() if rows})
        unfinished.write_text(_HEAD + text, encoding="utf-8")


def _check_dates(attested: Sequence[Attestation], waived: Sequence[Waiver]) -> None:
    for named, day in (
        *(("valid_until", each.valid_until) for each in attested),
        *(("until", each.until) for each in waived),
    ):
        if not isinstance(day, date) or isinstance(day, datetime):
            raise TypeError(f"{named} is no date")
