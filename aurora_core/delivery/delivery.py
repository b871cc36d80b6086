"""Looking and delivering: once, or again and again in threads of their own, off the request path."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Final, NamedTuple

from aurora_core.clock import Clock
from aurora_core.delivery.courier import Courier
from aurora_core.delivery.lookout import Look, Lookout
from aurora_core.errors import StoreError
from aurora_core.store.metrics import AlertBook

POLL_S: Final = 5.0
"""After so long a courier asks again: other processes post messages, too, and some wait for their time."""

_log: Final = logging.getLogger("aurora_core.alerting")


class Round(NamedTuple):
    """A look, and how many messages each channel took after it."""

    look: Look
    taken: Mapping[str, int]


class Delivery:
    """A lookout, and a courier for each channel; several processes may each have one over the same store."""

    def __init__(
        self,
        book: AlertBook,
        lookout: Lookout,
        couriers: Sequence[Courier],
        clock: Clock,
        *,
        every_s: float,
        give_up_s: float,
    ) -> None:
        self.book = book
        self._lookout = lookout
        self._couriers = couriers
        self._clock = clock
        self._every_s = every_s
        self._give_up_s = give_up_s
        self._stop = Event()
        self._threads: list[Thread] = []

    def once(self) -> Round:
        """Look, and deliver what is due, all channels at a time. Raises ``StoreError``."""
        look = self._look()
        with ThreadPoolExecutor(max(1, len(self._couriers)), "aurora-courier") as pool:
            taken = [pool.submit(courier.deliver) for courier in self._couriers]
        names = [courier.name for courier in self._couriers]
        return Round(look, dict(zip(names, (each.result() for each in taken), strict=True)))

    def start(self) -> None:
        """Look every ``every_s`` seconds from now on, and deliver, in threads that end with the process."""
        self._repeat("aurora-lookout", self._look, self._every_s)
        for courier in self._couriers:
            self._repeat(f"aurora-courier-{courier.name}", courier.deliver, min(POLL_S, self._every_s))

    def stop(self) -> None:
        """Stop; a message that is being sent is finished, within its channel's time limit."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self.book.close()

    def _look(self) -> Look:
        now_s = self._clock.wall()
        look = self._lookout.look(now_s)
        with self.book.turn() as page:
            page.sweep(now_s, self._give_up_s)
        return look

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
                    _log.error("alerts are not looked at, or not delivered: %s", error)
                failing = True
            self._stop.wait(pause_s)
