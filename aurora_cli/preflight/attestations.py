"""Attestations and waivers: their file under version control, and ``--attest`` and ``--waive``."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import tomli_w

from aurora_cli.exit_codes import UsageError
from aurora_cli.output import replacing
from aurora_cli.preflight.check import Check
from aurora_cli.preflight.checklist import find_check, refuse_always
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.evidence import hash_source
from aurora_cli.preflight.git import head_commit
from aurora_core.config.units import parse_duration

_HEADER: Final = "# Written by `aurora preflight --attest` and `--waive`; keep it under version control.\n\n"
_DAY_S: Final = 86_400
_MAX_DAYS: Final = 3660


@dataclass(frozen=True)
class Attestation:
    """``by`` attests that a check passes until the end of ``valid_until``, as ``evidence`` shows."""

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
class Signoffs:
    """All attestations and waivers by check; the last one of a check counts."""

    attestations: Mapping[str, Attestation]
    waivers: Mapping[str, Waiver]


def read_signoffs(path: Path) -> Signoffs:
    """Read the file; a missing file has none. Raises ``UsageError`` if it is invalid."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Signoffs({}, {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        attestations = [Attestation(**row) for row in content.pop("attestation", [])]
        waivers = [Waiver(**row) for row in content.pop("waiver", [])]
        _check_dates(attestations, waivers)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{path} is not a file that `aurora preflight --attest` writes: {error}") from None
    if content:
        raise UsageError(f"{path}: unknown key `{next(iter(content))}`")
    signoffs = Signoffs({each.check: each for each in attestations}, {each.check: each for each in waivers})
    refuse_always(f"{path}: waiver of", signoffs.waivers)
    return signoffs


def attest(
    check_id: str,
    evidence: str | None,
    by: str | None,
    valid_for: str | None,
    checks: Sequence[Check],
    context: Context,
) -> str:
    """Write an attestation, and return a sentence about it. Raises ``UsageError`` for an invalid option."""
    check = find_check("--attest", check_id, checks)
    if not (evidence and by and by.strip() and valid_for):
        raise UsageError(f"--attest {check_id} requires --evidence FILE|URL, --by NAME and --valid-for 90d")
    digest, problem = hash_source(evidence, context)
    if problem:
        raise UsageError(f"--evidence {evidence}: {problem}")
    now = datetime.fromtimestamp(int(context.now_s), UTC)
    until = (now + timedelta(days=_parse_days(valid_for))).date()
    path = context.path(context.settings.preflight.attestations)
    signoffs = read_signoffs(path)
    commit = head_commit(context) or ""
    attestation = Attestation(check.id, by.strip(), now.isoformat(), until, evidence, digest, commit)
    _write(path, replace(signoffs, attestations={**signoffs.attestations, check.id: attestation}))
    return f"{path}: {check.id} attested by {attestation.by}, valid until {until}; commit it"


def waive(
    check_id: str,
    reason: str | None,
    until: str | None,
    by: str | None,
    checks: Sequence[Check],
    context: Context,
) -> str:
    """Write a waiver, and return a sentence about it. Raises ``UsageError`` for an invalid option."""
    check = find_check("--waive", check_id, checks)
    refuse_always("--waive", [check.id])
    if not (reason and reason.strip() and until):
        raise UsageError(f"--waive {check_id} requires --reason TEXT and --until 2026-12-31")
    try:
        end = date.fromisoformat(until)
    except ValueError:
        raise UsageError(f"--until: invalid date {until!r}: expected a date such as 2026-12-31") from None
    if end < datetime.fromtimestamp(context.now_s, UTC).date():
        raise UsageError(f"--until {until} is in the past")
    path = context.path(context.settings.preflight.attestations)
    signoffs = read_signoffs(path)
    waiver = Waiver(check.id, reason.strip(), end, (by or "").strip())
    _write(path, replace(signoffs, waivers={**signoffs.waivers, check.id: waiver}))
    return f"{path}: {check.id} waived until {end}; commit it"


def _write(path: Path, signoffs: Signoffs) -> None:
    """Write the file atomically."""
    content: dict[str, Any] = {
        "attestation": [vars(each) for each in signoffs.attestations.values()],
        "waiver": [vars(each) for each in signoffs.waivers.values()],
    }
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{path}: no such folder {path.absolute().parent}")
    with replacing(path) as unfinished:
        text = tomli_w.dumps({name: rows for name, rows in content.items() if rows})
        unfinished.write_text(_HEADER + text, encoding="utf-8")


def _check_dates(attestations: Sequence[Attestation], waivers: Sequence[Waiver]) -> None:
    for name, day in (
        *(("valid_until", each.valid_until) for each in attestations),
        *(("until", each.until) for each in waivers),
    ):
        if not isinstance(day, date) or isinstance(day, datetime):
            raise TypeError(f"{name} is not a date")


def _parse_days(text: str) -> int:
    try:
        days = int(parse_duration(text, "s") // _DAY_S)
    except ValueError as error:
        raise UsageError(f"--valid-for {text}: {error}") from None
    if not 1 <= days <= _MAX_DAYS:
        raise UsageError(f"--valid-for {text}: expected from one day to ten years, such as 90d")
    return days
