"""Two variables with different values for one setting.

Every setting answers to `AURORA_<SECTION>_<KEY>`, and some to a second name, of the guide or of a provider.
If both are set, the second name wins.

Example::

    export OPENAI_MODEL=gpt-4
    export AURORA_LLM_MODEL=claude-sonnet-4

Instead::

    export AURORA_LLM_MODEL=claude-sonnet-4
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Report both names, of one environment or of one file of variables."""
    for override in context.overrides():
        if override.within_one_source and override.differ:
            winner, loser = override.upper.name, override.lower.name
            yield Violation(
                f"{winner} and {loser} set `{override.setting.key}` to different values; {winner} wins",
                "unset one of them",
                about=[override.setting.path],
                at=override.lower,
            )
