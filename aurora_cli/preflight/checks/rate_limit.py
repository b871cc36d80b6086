"""The rate limit is set for the provider.

Why: above the provider's limit each request more is a 429, and several workers share that limit.

Proof: the rules of `aurora check-config` on the limiter (AUR301 to AUR303, AUR312, AUR313) have nothing
to say.

Mend: what the rule says; `aurora check-config` shows the line.
"""

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.settled import from_findings
from aurora_core.providers import published_limit


def look(context: Context) -> Outcome:
    """Ask the rules."""
    limit, llm = context.settings.rate_limit, context.settings.llm
    published = published_limit(llm.provider, llm.model)
    allowed = limit.provider_rpm or (published and published.rpm)
    known = (
        f"{llm.provider}/{llm.model} allows {allowed:g}" if allowed else "the provider's limit is not known"
    )
    found = context.found("AUR301", "AUR302", "AUR303", "AUR312", "AUR313")
    return from_findings(found, f"{limit.rpm} rpm, {known}")
