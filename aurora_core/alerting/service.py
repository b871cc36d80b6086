"""Evaluation and delivery together: once, or repeatedly in their own threads, off the request path."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Final, NamedTuple

from aurora_core.alerting.dispatcher import ChannelWorker
from aurora_core.alerting.evaluator import Evaluation, RuleEvaluator
from aurora_core.clock import Clock
from aurora_core.errors import StoreError
from aurora_core.store.metrics import AlertStore

POLL_S: Final = 5.0
"""Seconds between two polls of a worker: other processes queue messages too, and some are not due yet."""

_log: Final = logging.getLogger("aurora_core.alerting")


class RunResult(NamedTuple):
    """An evaluation, and how many messages each channel delivered after it."""

    evaluation: Evaluation
    delivered: Mapping[str, int]


class AlertService:
    """An evaluator and one worker per channel; several processes may each run one over the same store."""

    def __init__(
        self,
        store: AlertStore,
        evaluator: RuleEvaluator,
        workers: Sequence[ChannelWorker],
        clock: Clock,
        *,
        interval_s: float,
        give_up_s: float,
    ) -> None:
        self.store = store
        self._evaluator = evaluator
        self._workers = workers
        self._clock = clock
        self._interval_s = interval_s
        self._give_up_s = give_up_s
        self._stop = Event()
        self._threads: list[Thread] = []

    def run_once(self) -> RunResult:
        """Evaluate, then deliver what is due on all channels concurrently. Raises ``StoreError``."""
        evaluation = self._evaluate()
        with ThreadPoolExecutor(max(1, len(self._workers)), "aurora-notify") as pool:
            running = {worker.name: pool.submit(worker.deliver) for worker in self._workers}
        return RunResult(evaluation, {name: future.result() for name, future in running.items()})

    def start(self) -> None:
        """Evaluate every ``interval_s`` seconds, and deliver, in threads that end with the process."""
        self._repeat("aurora-alert-evaluator", self._evaluate, self._interval_s)
        for worker in self._workers:
            self._repeat(f"aurora-notify-{worker.name}", worker.deliver, min(POLL_S, self._interval_s))

    def stop(self) -> None:
        """Stop after the messages that are being sent, within each channel's timeout."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self.store.close()

    def _evaluate(self) -> Evaluation:
        now_s = self._clock.wall()
        evaluation = self._evaluator.evaluate(now_s)
        with self.store.transaction() as page:
            page.expire(now_s, self._give_up_s)
        return evaluation

    def _repeat(self, name: str, work: Callable[[], object], pause_s: float) -> None:
        thread = Thread(target=self._run, args=(work, pause_s), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self, work: Callable[[], object], pause_s: float) -> None:
        failing = False
        while not self._stop.is_set():
            try:
                work()
                failing = False
            except StoreError as error:
                if not failing:
                    _log.error("alerts cannot be evaluated or delivered: %s", error)
                failing = True
            self._stop.wait(pause_s)
