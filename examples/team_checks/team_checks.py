"""A custom check: Fridays are for reading, not for deploying."""

from datetime import UTC, datetime

from aurora_cli.preflight import Check, Context, Evidence, Outcome

FRIDAY = 4


def run(context: Context) -> Outcome:
    """Fail on a Friday, by the clock that all checks are given."""
    day = datetime.fromtimestamp(context.now_s, UTC)
    evidence = (Evidence("note", "today", f"{day:%A %Y-%m-%d}"),)
    if day.weekday() == FRIDAY:
        return Outcome("fail", "it is Friday", "wait until Monday, or waive it with a reason", evidence)
    return Outcome("pass", f"it is {day:%A}", evidence=evidence)


CHECKS = [
    Check(
        "custom.not-on-a-friday",
        """It is not Friday.

        Why: the team is not at work on Saturday to fix it.

        How it is checked: the day of the week, in UTC.

        Fix: wait, or waive it with a reason.
        """,
        timeout_s=1.0,
        run=run,
    )
]
