"""A service that answers questions over documents, with all of it: ``python examples/service.py``.

Settings, secrets, limiter, retries, breaker, cache, metrics and their port, alerts, logs, chunks and their
replica, against a provider on loopback that limits and fails. What it leaves in ``data/`` is what the tool
looks at; the README's tour goes on from there.
"""

import logging
import os
from pathlib import Path
from time import monotonic

from provider import Provider

from aurora_core.config import Settings
from aurora_core.errors import AuroraError
from aurora_core.service import Service
from aurora_core.store import Chunk, ReplicatedStore

TOPICS = ("retries", "limits", "alerts", "the cache", "logs", "the budget")

root, data = Path(__file__).parents[1], Path("data")
data.mkdir(exist_ok=True)
sections = {
    f"{page.stem}, {text.partition(chr(10))[0]}": text
    for page in sorted(root.glob("*.md"))
    for text in page.read_text(encoding="utf-8").split("\n## ")
}
words = {title: set(text.lower().split()) for title, text in sections.items()}
questions = [f"What does {title} say of {topic}?" for topic in TOPICS for title in sections]

service = Service(Settings.load(root / "examples" / "service.toml"))
log_file = (data / "service.jsonl").open("w", encoding="utf-8")
service.configure_logging(log_file)
log = logging.getLogger("service")
chunks = ReplicatedStore(data / "chunks.db", data / "chunks-replica.db", sync_interval_s=60)
chunks.save_chunks(Chunk(title, text) for title, text in sections.items())


def answer(number: int, question: str, provider: Provider) -> bool:
    """Answer one question, from the cache or the provider, and log how long it took."""
    began = monotonic()
    query = service.validate_query(question)
    nearest = sorted(words, key=lambda title: len(words[title] & set(query.lower().split())))[-2:]
    context = [chunk.text for chunk in chunks.get_chunks(nearest)]
    key = service.secrets.get("provider_api_key").reveal()
    try:
        ask = lambda: service.pipeline.call(provider.ask, query, context, key)  # noqa: E731 - the call, once
        service.sanitize_code(service.cache.get_or_compute(query, ask))
        level = logging.INFO
    except AuroraError:
        level = logging.ERROR
    log.log(level, "query", extra={"query_id": number, "latency_ms": (monotonic() - began) * 1000})
    return level == logging.INFO


with service, chunks, log_file, Provider() as provider:
    service.serve_metrics()
    service.watch_alerts()
    os.environ["PROVIDER_API_KEY"] = provider.key
    requested = (questions * 9)[:90]  # the same again: the cache has them
    answered = sum(answer(number, question, provider) for number, question in enumerate(requested))
    attempts = service.metrics.get_metrics()["attempt_count"] if service.metrics else "uncounted"
    print(f"{answered} of {len(requested)} answered from {len(sections)} chunks, {attempts} attempts")
