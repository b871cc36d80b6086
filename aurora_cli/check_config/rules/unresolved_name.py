"""A name that does not resolve (--online).

Asked of this machine's resolver, 3 s at most; where it gives no answer, there is no verdict.

Example::

    [llm]
    base_url = "https://api.openai.invalid/v1"

Instead::

    [llm]
    base_url = "https://api.openai.com/v1"
"""

from collections.abc import Iterator

from aurora_cli.check_config.probing import at_once, resolve, targets
from aurora_cli.check_config.subject import Complaint, Subject, Undecided


def check(subject: Subject) -> Iterator[Complaint | Undecided]:
    """Ask for every host that is named."""
    asked = targets(subject)
    answers = at_once(resolve, asked)
    for target in asked:
        reason = answers.get(target, "")
        if reason:
            yield Complaint(
                f"{target.host} does not resolve: {reason}", "compare its spelling", about=[target.path]
            )
        elif reason == "":
            yield Undecided(f"no name server answered for {target.host}")
