"""A value outside of the range of its setting.

Example::

    [retry]
    jitter = "ful"
    max_retries = -1

Instead::

    [retry]
    jitter = "full"
    max_retries = 3
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.catalogue import setting_at
from aurora_core.config.settings import SETTINGS


def check(context: LintContext) -> Iterator[Violation]:
    """Report the range; a share above 1 is probably a percentage."""
    for problem in context.total.problems:
        if problem.kind == "range" and problem.hidden_by is None:
            setting = setting_at(problem.path, SETTINGS)
            is_share = setting is not None and setting.unit == "share"
            help_ = 'a share is from 0 to 1: write 0.999 or "99.9%"' if is_share else ""
            yield Violation(problem.message, help_, at=problem.origin)
