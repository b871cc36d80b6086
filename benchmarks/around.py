"""What stands around a call: cache, chunks, logs, queries, and alerts that are watched meanwhile."""

import json
import logging
import sqlite3
import tempfile
import threading
from contextlib import closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path

import cachetools
import diskcache
from harness import Row, in_turn, nanoseconds, repeated
from pythonjsonlogger.json import JsonFormatter

from aurora_core.alerting.channels.base import UNSET, ChannelConfig
from aurora_core.alerting.channels.registry import build_channel
from aurora_core.alerting.dispatcher import ChannelWorker
from aurora_core.alerting.evaluator import RuleEvaluator
from aurora_core.alerting.notification import build_test_notification
from aurora_core.alerting.service import AlertService
from aurora_core.alerting.state import DEFAULT_RULE_CONFIGS
from aurora_core.cache import QueryCache
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.guards.query import validate_query
from aurora_core.logs import JSONFormatter
from aurora_core.metrics import MetricsCollector
from aurora_core.secrets import Masker, Secret
from aurora_core.store import Chunk, MetricsStore, SQLiteStore

KEYS = [f"question {number}" for number in range(1000)]
ANSWER = "an answer of some length, " * 20
CALLS = 20_000
FEW = 2_000
ROUNDS = 7
MESSAGES = 100
QUERY = "Why is the sky blue, and who has found out? " * 10


def _row(what, ours, name, peer, calls, rounds=ROUNDS):
    """A call of ours beside the same of a peer."""
    pair = in_turn(repeated(ours, calls), repeated(peer, calls), rounds)
    ratio = f"{1 / pair.times_faster:.2f}"
    peers = f"{name} {nanoseconds(pair.peer, calls)}"
    return Row(what, nanoseconds(pair.ours, calls), peers, ratio, "", kept=True)


def _next(keys):
    turn = cycle(keys)
    return lambda: next(turn)


def caching(folder):
    """A hit in memory beside cachetools, a hit in the file beside diskcache."""
    hot, warm = QueryCache(1000, 600), QueryCache(0, 600, folder / "warm.db")
    memory = cachetools.TTLCache(1000, 600)
    lock = threading.Lock()
    disk = diskcache.Cache(str(folder / "disk"))
    for key in KEYS:
        hot.put(key, ANSWER)
        warm.put(key, ANSWER)
        memory[key] = ANSWER
        disk.set(key, ANSWER, expire=600)
    mine, its = _next(KEYS), _next(KEYS)

    def locked():
        with lock:  # it wants one where threads share it
            memory.get(its())

    yield _row("cache: a hit in memory", lambda: hot.get(mine()), "cachetools, with a lock", locked, CALLS)
    yield _row(
        "cache: a hit in the file", lambda: warm.get(mine()), "diskcache", lambda: disk.get(its()), FEW
    )
    warm.close()
    disk.close()


def chunking(folder):
    """Ten chunks by id, checksums looked at, beside the bare query."""
    store = SQLiteStore(folder / "chunks.db")
    store.save_chunks(Chunk(key, ANSWER * 4, {"page": 1}) for key in KEYS)
    ten = KEYS[100:110]
    query = f"SELECT * FROM chunks WHERE id IN ({', '.join('?' * 10)})"
    with closing(sqlite3.connect(folder / "chunks.db")) as bare:
        yield _row(
            "ten chunks by id",
            lambda: store.get_chunks(ten),
            "sqlite3 alone, no checksum",
            lambda: [(name, text, json.loads(data)) for name, text, data, *_ in bare.execute(query, ten)],
            FEW,
        )
    store.close()


def logging_json():
    """A record with extra fields, secrets looked for, beside python-json-logger, which looks for none."""
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "query %s", "args": (1,)})
    record.query_id, record.latency_ms = "abc", 12.5
    ours, its = JSONFormatter(), JsonFormatter("%(asctime)s %(levelname)s %(message)s")
    return _row(
        "logs: a record as JSON",
        lambda: ours.format(record),
        "python-json-logger",
        lambda: its.format(record),
        CALLS,
    )


def _guides(query):
    """The guide's own function, verbatim."""
    if not query or not query.strip():
        raise ValueError("Query cannot be empty")
    if len(query) > 10000:
        raise ValueError("Query exceeds maximum length (10K chars)")
    query = query.replace("```", "")
    query = query.replace("<script>", "")
    return query.strip()


def validating():
    """A question, every character looked at, beside the guide's two replacements."""
    return _row(
        "`validate_query`, 440 characters",
        lambda: validate_query(QUERY),
        "the guide's",
        lambda: _guides(QUERY),
        FEW,
    )


def watching(folder):
    """Counting calls while the rules are watched, beside while they are not."""
    path = folder / "watched.db"
    collector = MetricsCollector(store=MetricsStore(path))
    delivery = _delivery(MetricsStore(path).alert_store(), [])

    def watched():
        delivery.start()
        repeated(lambda: collector.record_query(250.0), 5 * CALLS)()
        delivery.stop()

    pair = in_turn(watched, repeated(lambda: collector.record_query(250.0), 5 * CALLS), ROUNDS)
    collector.close()
    ratio = 1 / pair.times_faster
    return Row(
        "`record_query` while alerts are watched",
        nanoseconds(pair.ours, 5 * CALLS),
        f"while not {nanoseconds(pair.peer, 5 * CALLS)}",
        f"{ratio:.2f}",
        "at most 1.5",
        ratio <= 1.5,
    )


def _delivery(store, workers):
    evaluator = RuleEvaluator(
        store, DEFAULT_RULE_CONFIGS, lambda _: ("team",), host="host", availability=0.999, masker=Masker()
    )
    return AlertService(store, evaluator, workers, SYSTEM_CLOCK, interval_s=1.0, give_up_s=86_400.0)


def delivering(folder):
    """A hundred messages, each kept until it is taken, beside the bare requests."""
    store = MetricsStore(folder / "delivered.db").alert_store()
    with _Hook() as port:
        config = ChannelConfig(Secret(f"http://127.0.0.1:{port}/"), UNSET, 5.0, "host")
        sender = build_channel("webhook", config)
        worker = ChannelWorker("team", sender, store, SYSTEM_CLOCK, 86_400.0, Masker())

        def mark_delivered():
            with store.transaction() as page:
                for number in range(MESSAGES):
                    page.enqueue(build_test_notification(float(number), "host"), ["team"])
            assert worker.deliver() == MESSAGES

        def posted():
            for number in range(MESSAGES):
                with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                    connection.request("POST", "/", build_test_notification(float(number), "host").to_json())
                    connection.getresponse().read()

        pair = in_turn(mark_delivered, posted, ROUNDS)
    store.close()
    return Row(
        "a message of an alert, kept until it is taken",
        f"{pair.ours / MESSAGES * 1000:.2f} ms",
        f"a bare request {pair.peer / MESSAGES * 1000:.2f} ms",
        f"{1 / pair.times_faster:.2f}",
        "",
        kept=True,
    )


class _Hook:
    """A server on loopback that takes everything: its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self.server.server_port

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def rows():
    with tempfile.TemporaryDirectory(prefix="aurora-bench-") as name:
        folder = Path(name)
        return [
            *caching(folder),
            *chunking(folder),
            logging_json(),
            validating(),
            watching(folder),
            delivering(folder),
        ]
