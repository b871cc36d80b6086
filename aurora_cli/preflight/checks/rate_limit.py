"""The rate limit is set for the provider.

Why: above the provider's limit each further request is a 429, and several workers share that limit.

How it is checked: the rules of `aurora check-config` on the limiter have no error and no warning.

Fix: apply the rule's help; `aurora check-config` shows the line.
"""

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_core.providers import published_limit


def run(context: Context) -> Outcome:
    """Compare the limit with the provider's; its rules have been applied."""
    limit, llm = context.settings.rate_limit, context.settings.llm
    published = published_limit(llm.provider, llm.model)
    allowed = limit.provider_rpm or (published and published.rpm)
    known = f"{llm.provider}/{llm.model} allows {allowed:g}" if allowed else "the provider's limit is unknown"
    return Outcome("pass", f"{limit.rpm} rpm, {known}")
