"""The kernel compiled and run: the only file that names Numba.

Every function of the laws' folder and of the kernel's modules is registered with the compiler as it
stands; no decorator reaches the core. Compiled code is kept in a folder named by the digest of those
sources: Numba by itself would go on running the old code after a law was edited (numba #1833).
"""

import hashlib
import importlib
import inspect
import os
import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

import aurora_core.laws
from aurora_cli.simulate import attempt_status, event_queue, kernel, model, outcomes, provider, rng
from aurora_cli.simulate.model import Buffers, Lanes, Parameters, Traffic
from aurora_cli.simulate.outcomes import Outcomes, Replay
from aurora_core.laws import breaker, rate_limit
from aurora_core.laws import failure_window as window

Progress = Callable[[int, int], None]
"""Told now and then how many of how many queries have arrived."""

_POLL_S = 0.1


def replay_plain(parameters: Parameters, traffic: Traffic) -> Replay:
    """Run the kernel as the Python that it is: slow, and the same to the last bit."""
    out, buffers, control = _prepare(parameters, traffic)
    with np.errstate(over="ignore"):  # the draws wrap around on purpose
        sent, longest = kernel.run(parameters, traffic, buffers, out, control)
    return Replay(out, _in_order(buffers, sent), longest)


def replay_compiled(parameters: Parameters, traffic: Traffic, progress: Progress | None = None) -> Replay:
    """Run the kernel compiled, in a thread that holds no lock; an interrupt stops it."""
    out, buffers, control = _prepare(parameters, traffic)
    with ThreadPoolExecutor(1) as worker:
        running = worker.submit(compiled(), parameters, traffic, buffers, out, control)
        try:
            while True:
                try:
                    sent, longest = running.result(_POLL_S)
                    break
                except TimeoutError:
                    if progress is not None:
                        progress(int(control[kernel.DONE]), len(traffic.arrival))
        except BaseException:
            control[kernel.STOP] = 1
            raise
    return Replay(out, _in_order(buffers, sent), longest)


def _prepare(parameters: Parameters, traffic: Traffic) -> tuple[Outcomes, Buffers, Any]:
    """Make the arrays of a replay. Pages that it never touches cost no memory."""
    n = len(traffic.arrival)
    attempts = n * (1 + parameters.retry.max_retries)
    permits = n if parameters.limit_per_call else attempts
    buffers = Buffers(
        lanes=_lanes(parameters),
        provider=_ring(parameters.provider.limit.requests),
        generation=np.empty(n, np.int64),
        status=np.empty(n, np.int8),
        requested=np.empty(n),
        event_queue=event_queue.empty(n),
        permits=np.empty(permits),
        behind=np.empty(permits, np.int32),
        sent=np.empty(attempts),
        tally=np.zeros(2, np.int64),
    )
    return outcomes.empty(n), buffers, np.zeros(2, np.int64)


def _lanes(parameters: Parameters) -> Lanes:
    lanes = len(parameters.limiters.kind)
    return Lanes(
        oldest=np.full(lanes, rate_limit.FRESH),
        limiter=_ring(parameters.limiters.begin[-1]),
        mode=np.full(lanes, breaker.FRESH.mode),
        generation=np.full(lanes, breaker.FRESH.generation),
        failures=np.full(lanes, breaker.FRESH.failures),
        probe_at=np.full(lanes, breaker.FRESH.probe_at),
        window=np.full((lanes, window.RING_SIZE), window.EMPTY),
        credits=np.full(parameters.workers, parameters.budget.capacity),
        queued=np.zeros(lanes, np.int64),
        first=np.zeros(lanes, np.int64),
        last=np.zeros(lanes, np.int64),
    )


def _ring(size: int) -> Any:
    """Make a law's memory: an array, which the laws' types do not know, in the place of a list."""
    return np.full(size, rate_limit.NEVER)


def _in_order(buffers: Buffers, sent: int) -> NDArray[np.float64]:
    """The starts of all attempts: sorted already if they come from one lane."""
    starts = buffers.sent[:sent]
    return starts if len(buffers.lanes.mode) == 1 else np.sort(starts)


@cache
def compiled() -> Any:
    """Compile the kernel, or load what was compiled before."""
    import numba  # noqa: PLC0415 - a third of a second that only a replay needs
    from numba.extending import register_jitable  # noqa: PLC0415

    # The kernel allocates nothing: without references to count it is six times as fast.
    for module in modules():
        for function in functions(module):
            register_jitable(_nrt=False, forceinline=True)(function)
    folder = cache_folder()
    keep = _writable(folder)
    if keep:
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]  # made at run time
    options: dict[str, Any] = {"cache": keep, "nogil": True, "error_model": "numpy", "_nrt": False}
    return numba.njit(**options)(kernel.run)


def is_compiled() -> bool:
    """Whether an earlier run left the compiled kernel behind."""
    return any(cache_folder().rglob("*.nbi"))


def modules() -> list[ModuleType]:
    """All modules that are compiled; the laws' folder is the registry."""
    names = sorted(info.name for info in pkgutil.iter_modules(aurora_core.laws.__path__))
    laws = [importlib.import_module(f"{aurora_core.laws.__name__}.{name}") for name in names]
    return [*laws, event_queue, rng, model, provider, kernel]


def functions(module: ModuleType) -> Iterator[FunctionType]:
    """Yield the functions that a module defines itself."""
    for value in vars(module).values():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            yield value


def digest() -> str:
    """Name the sources that are compiled: a new digest, a new cache folder."""
    sources = hashlib.sha256()
    for module in (*modules(), outcomes, attempt_status):  # of the last two the constants are compiled in
        sources.update(inspect.getsource(module).encode())
    return sources.hexdigest()[:16]


def cache_folder() -> Path:
    """Where the compiled kernel is kept, below the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or "~/.cache"
    return Path(base).expanduser() / "aurora" / f"kernel-{digest()}"


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
