"""A service that takes all its numbers from the configuration: ``python examples/from_settings.py``.

``AURORA_RETRY_JITTER=equal AURORA_MAX_RETRIES=5 python examples/from_settings.py`` is another one.
"""

import random

from aurora_core.service import Service

service = Service()  # AURORA_CONFIG, ./aurora.toml, the user's folder, /etc/aurora; else the defaults
chance = random.Random(7)


def ask_provider(question: str) -> str:
    """Answer, four times in five."""
    if chance.random() < 0.2:
        raise TimeoutError("the provider is slow today")
    return f"because {question} is so"


answers = [service.pipeline.call(ask_provider, f"question {number}") for number in range(20)]

limit, retry = service.settings.rate_limit, service.settings.retry
seen = service.metrics.get_metrics() if service.metrics else {}
print(f"{len(answers)} answered at {limit.rpm} rpm, {retry.max_retries} retries, jitter {retry.jitter}")
print(f"{seen.get('attempt_count', 0)} attempts; {len(service.alerting.check_metrics(seen))} alerts")
