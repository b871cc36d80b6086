"""``--attest`` and ``--waive``: a person's word, written down."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from aurora_cli.exits import Usage
from aurora_cli.preflight.check import Check
from aurora_cli.preflight.choice import check_named
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.judged import hash_of
from aurora_cli.preflight.repository import commit
from aurora_cli.preflight.testimony import Attestation, Waiver, read, write
from aurora_core.config.units import parse_duration
from aurora_core.time_units import DAY_S


def attest(
    check_id: str,
    evidence: str | None,
    by: str | None,
    valid_for: str | None,
    checks: Sequence[Check],
    context: Context,
) -> str:
    """Write an attestation; what was written, in words. ``Usage`` where something lacks or is not there."""
    check = check_named("--attest", check_id, checks)
    if not (evidence and by and by.strip() and valid_for):
        raise Usage(f"--attest {check_id} wants --evidence FILE|URL, --by NAME and --valid-for 90d as well")
    found, problem = hash_of(evidence, context)
    if problem:
        raise Usage(f"--evidence {evidence}: {problem}")
    now = datetime.fromtimestamp(int(context.now_s), UTC)
    until = (now + timedelta(days=_days(valid_for))).date()
    path = context.path(context.settings.preflight.attestations)
    testimony = read(path)
    word = Attestation(check.id, by.strip(), now.isoformat(), until, evidence, found, commit(context) or "")
    write(path, replace(testimony, attestations={**testimony.attestations, check.id: word}))
    return f"{path}: {check.id} attested by {word.by}, valid until {until}; commit it"


def waive(
    check_id: str,
    reason: str | None,
    until: str | None,
    by: str | None,
    checks: Sequence[Check],
    context: Context,
) -> str:
    """Write a waiver; what was written, in words."""
    check = check_named("--waive", check_id, checks)
    if not (reason and reason.strip() and until):
        raise Usage(f"--waive {check_id} wants --reason TEXT and --until 2026-12-31 as well")
    try:
        end = date.fromisoformat(until)
    except ValueError:
        raise Usage(f"--until {until} is no date like 2026-12-31") from None
    if end < datetime.fromtimestamp(context.now_s, UTC).date():
        raise Usage(f"--until {until} is over already")
    path = context.path(context.settings.preflight.attestations)
    testimony = read(path)
    word = Waiver(check.id, reason.strip(), end, (by or "").strip())
    write(path, replace(testimony, waivers={**testimony.waivers, check.id: word}))
    return f"{path}: {check.id} waived until {end}; commit it"


def _days(text: str) -> int:
    try:
        days = int(parse_duration(text, "s") // DAY_S)
    except ValueError as error:
        raise Usage(f"--valid-for {text}: {error}") from None
    if not 1 <= days <= 3660:  # noqa: PLR2004 - ten years
        raise Usage(f"--valid-for {text} is not from one day to ten years, as 90d")
    return days
