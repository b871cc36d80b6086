"""A check of one's own: Fridays are for reading, not for deploying."""

from datetime import UTC, datetime

from aurora_cli.preflight import Check, Context, Evidence, Outcome

FRIDAY = 4


def look(context: Context) -> Outcome:
    """Fail on a Friday, by the clock that all checks are given."""
    day = datetime.fromtimestamp(context.now_s, UTC)
    seen = (Evidence("note", "today", f"{day:%A %Y-%m-%d}"),)
    if day.weekday() == FRIDAY:
        return Outcome("fail", "it is Friday", "wait until Monday, or waive it with a reason", seen)
    return Outcome("pass", f"it is {day:%A}", evidence=seen)


CHECKS = [
    Check(
        "own.not-on-a-friday",
        """It is not Friday.

        Why: whoever could mend it on Saturday is not there.

        Proof: the day of the week, in UTC.

        Mend: wait, or waive it with a reason.
        """,
        limit_s=1.0,
        look=look,
    )
]
