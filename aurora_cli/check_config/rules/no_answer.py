"""An address where nobody answers (--online).

A connection is opened and closed at once, nothing is sent; 3 s at most. Where neither an answer nor a
refusal comes, there is no verdict.

Example::

    [llm]
    provider = "custom"
    base_url = "http://localhost:1/v1"

Instead::

    [llm]
    provider = "custom"
    base_url = "http://localhost:8000/v1"
"""

from collections.abc import Iterator

from aurora_cli.check_config.probing import at_once, connect, resolve, targets
from aurora_cli.check_config.subject import Complaint, Subject, Undecided


def check(subject: Subject) -> Iterator[Complaint | Undecided]:
    """Knock at every host that resolves; of the others another rule tells."""
    asked = targets(subject)
    names = at_once(resolve, asked)
    there = [target for target in asked if names.get(target, "") is None]
    answers = at_once(connect, there)
    for target in there:
        reason = answers.get(target, "")
        where = f"{target.host}:{target.port}"
        if reason:
            yield Complaint(
                f"nobody answers at {where}: {reason}", "is it up, and the port right?", about=[target.path]
            )
        elif reason == "":
            yield Undecided(f"{where} neither answered nor refused")
