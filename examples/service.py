"""A service that answers questions over chunks of text, with all of it: ``python examples/service.py``.

Settings, limiter, retries, breaker, cache, metrics and logs, against a provider on loopback that limits and
fails. What it leaves in ``data/`` is what the tool looks at; the README's tour goes on from there.
"""

import logging
from pathlib import Path
from time import monotonic

from provider import Provider

from aurora_core.config import Settings
from aurora_core.errors import AuroraError
from aurora_core.logs import configure_logging
from aurora_core.service import Service
from aurora_core.store import Chunk, SQLiteStore

TEXTS = ("The sky is blue since air scatters blue light.", "Grass is green of chlorophyll.", "Snow is white.")
QUESTIONS = [f"What of {what} in chapter {n % 20}?" for n in range(30) for what in ("sky", "grass", "snow")]

data = Path("data")
data.mkdir(exist_ok=True)
log_file = (data / "service.jsonl").open("w", encoding="utf-8")
service = Service(Settings.load(Path(__file__).with_name("service.toml")))
configure_logging(service.settings.logging.level, service.settings.logging.format, stream=log_file)
log = logging.getLogger("service")
chunks = SQLiteStore(data / "chunks.db")
chunks.save_chunks(Chunk(str(number), text) for number, text in enumerate(TEXTS))


def answer(number: int, question: str, provider: Provider) -> bool:
    """Answer one question, from the cache or the provider, and log how long it took."""
    began = monotonic()
    query = service.validate_query(question)
    context = [chunk.text for chunk in chunks if any(word in query for word in chunk.text.lower().split())]
    try:
        service.cache.get_or_ask(query, lambda: service.pipeline.call(provider.ask, query, context))
        level = logging.INFO
    except AuroraError:
        level = logging.ERROR
    log.log(level, "query", extra={"query_id": number, "latency_ms": (monotonic() - began) * 1000})
    return level == logging.INFO


with Provider() as provider:
    answered = sum(answer(number, question, provider) for number, question in enumerate(QUESTIONS))
seen = service.metrics.get_metrics() if service.metrics else {}
print(f"{answered} of {len(QUESTIONS)} answered, {seen.get('attempt_count', 0)} attempts")
service.cache.close()
if service.metrics:
    service.metrics.close()
chunks.close()
log_file.close()
