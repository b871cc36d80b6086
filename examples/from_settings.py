"""A service that takes all its numbers from the configuration, and keeps its metrics.

``AURORA_STORE_URL=metrics.db AURORA_CACHE_PATH=cache.db python examples/from_settings.py``, then
``aurora sla-report --store metrics.db --window 24h``. With ``AURORA_RETRY_JITTER=equal
AURORA_MAX_RETRIES=5`` it is another one.
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


def answer(question: str) -> str:
    """The answer that is kept, or the provider's."""
    return service.cache.get_or_compute(question, lambda: service.pipeline.call(ask_provider, question))


answers = [answer(f"question {number % 12}") for number in range(20)]

limit, retry = service.settings.rate_limit, service.settings.retry
seen = service.metrics.get_metrics() if service.metrics else {}
print(f"{len(answers)} answered at {limit.rpm} rpm, {retry.max_retries} retries, jitter {retry.jitter}")
print(f"{seen.get('attempt_count', 0)} attempts; {len(service.alerting.check_metrics(seen))} alerts")
if service.metrics:
    service.close()  # every ten seconds, and when the process ends, it happens by itself
    print(f"{service.metrics.recording.stored} calls stored in {service.settings.store.url}")
