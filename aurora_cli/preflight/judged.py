"""From what a check saw to what counts: a person's word, waivers, and what does not apply."""

from datetime import UTC, date, datetime

from aurora_cli.preflight.asking import ask
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.files import digest
from aurora_cli.preflight.outcome import Evidence, Outcome
from aurora_cli.preflight.testimony import Attestation, Testimony, Waiver

_TIMEOUT_S = 10.0
_OK = 200
_BAD = ("warn", "fail", "stale", "unknown", "manual")


def judged(check_id: str, outcome: Outcome, testimony: Testimony, context: Context) -> Outcome:
    """An attestation answers for what only a person can say; a waiver excuses what is bad, and shows it."""
    attested = testimony.attestations.get(check_id)
    if outcome.state == "manual" and attested is not None:
        outcome = _attested(attested, context)
    waiver = testimony.waivers.get(check_id)
    return (
        outcome if waiver is None or outcome.state not in _BAD else _waived(waiver, outcome, _today(context))
    )


def hash_of(evidence: str, context: Context) -> tuple[str, str]:
    """The hash of a file or an address, and "", or "" and why there is none."""
    if evidence.startswith(("http://", "https://")):
        if context.offline:
            return "", "it is not asked with --offline"
        answer = ask(evidence, _TIMEOUT_S)
        if answer.status != _OK:
            return "", answer.problem or f"status {answer.status}"
        import hashlib  # noqa: PLC0415 - for an address only

        return hashlib.sha256(answer.body).hexdigest(), ""
    try:
        return digest(context.root / evidence), ""
    except OSError as error:
        return "", error.strerror or str(error)


def _attested(word: Attestation, context: Context) -> Outcome:
    found, problem = hash_of(word.evidence, context)
    seen = (
        Evidence(
            "file", word.evidence, f"sha256 {found}" if found else problem, f"by {word.by} at {word.at}"
        ),
    )
    again = f"aurora preflight --attest {word.check} --evidence {word.evidence} --by NAME --valid-for 90d"
    days = (_today(context) - word.valid_until).days
    if days > 0:
        ago = f"expired {days} day{'s' if days > 1 else ''} ago"
        return Outcome("stale", f"attested by {word.by} on {word.at[:10]}, {ago}", again, seen)
    if problem:
        gone = problem == "No such file or directory"
        message = f"{word.evidence}, the evidence of {word.by}, cannot be read: {problem}"
        return Outcome("stale" if gone else "unknown", message, again, seen)
    if found != word.sha256:
        return Outcome("stale", f"{word.evidence} has changed since {word.by} attested it", again, seen)
    return Outcome(
        "pass", f"attested by {word.by} on {word.at[:10]}, valid until {word.valid_until}", "", seen
    )


def _waived(waiver: Waiver, outcome: Outcome, today: date) -> Outcome:
    if today > waiver.until:
        message = f"{outcome.message} (its waiver ended on {waiver.until})"
        return Outcome(outcome.state, message, outcome.help, outcome.evidence)
    by = f" by {waiver.by}" if waiver.by else ""
    message = f"until {waiver.until}{by}: {waiver.reason} ({outcome.state}: {outcome.message})"
    return Outcome("waived", message, outcome.help, outcome.evidence)


def _today(context: Context) -> date:
    return datetime.fromtimestamp(context.now_s, UTC).date()
