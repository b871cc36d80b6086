"""Apply attestations and waivers to the outcome of a check."""

from datetime import UTC, date, datetime
from typing import Final

from aurora_cli.findings import Evidence, Outcome
from aurora_cli.preflight.attestations import Attestation, Signoffs, Waiver
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.evidence import hash_source

_WAIVABLE: Final = ("warn", "fail", "stale", "unknown", "manual")


def apply_overrides(check_id: str, outcome: Outcome, signoffs: Signoffs, context: Context) -> Outcome:
    """Replace a manual outcome by its attestation, and waive a bad outcome; a waiver is always shown."""
    attestation = signoffs.attestations.get(check_id)
    if outcome.state == "manual" and attestation is not None:
        outcome = _attested(attestation, context)
    waiver = signoffs.waivers.get(check_id)
    if waiver is None or outcome.state not in _WAIVABLE:
        return outcome
    return _waived(waiver, outcome, _today(context))


def _attested(attestation: Attestation, context: Context) -> Outcome:
    source, by = attestation.evidence, attestation.by
    digest, problem = hash_source(source, context)
    status = f"sha256 {digest}" if digest else problem
    evidence = (Evidence("file", source, status, f"by {by} at {attestation.at}"),)
    renew = f"aurora preflight --attest {attestation.check} --evidence {source} --by NAME --valid-for 90d"
    attested = f"attested by {by} on {attestation.at[:10]}"
    days = (_today(context) - attestation.valid_until).days
    if days > 0:
        message = f"{attested}, expired {days} day{'s' if days > 1 else ''} ago"
        return Outcome("stale", message, renew, evidence)
    if problem:
        message = f"{source}, the evidence of {by}, cannot be read: {problem}"
        missing = problem == "No such file or directory"
        return Outcome("stale" if missing else "unknown", message, renew, evidence)
    if digest != attestation.sha256:
        return Outcome("stale", f"{source} has changed since {by} attested it", renew, evidence)
    return Outcome("pass", f"{attested}, valid until {attestation.valid_until}", "", evidence)


def _waived(waiver: Waiver, outcome: Outcome, today: date) -> Outcome:
    if today > waiver.until:
        message = f"{outcome.message} (its waiver ended on {waiver.until})"
        return Outcome(outcome.state, message, outcome.help, outcome.evidence)
    by = f" by {waiver.by}" if waiver.by else ""
    message = f"until {waiver.until}{by}: {waiver.reason} ({outcome.state}: {outcome.message})"
    return Outcome("waived", message, outcome.help, outcome.evidence)


def _today(context: Context) -> date:
    return datetime.fromtimestamp(context.now_s, UTC).date()
