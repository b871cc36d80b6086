"""The same replay in C, built with the machine's compiler."""

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from aurora_cli.simulate import outcomes
from aurora_cli.simulate.outcomes import Replay

SOURCE = Path(__file__).with_name("replay.c")


def build():
    """Compile it; None where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        return None
    target = Path(tempfile.mkdtemp(prefix="aurora-bench-")) / "replay.so"
    subprocess.run([compiler, "-O3", "-shared", "-fPIC", "-o", target, SOURCE, "-lm"], check=True)
    library = ctypes.CDLL(str(target))
    library.replay.restype = ctypes.c_int64
    return library


def replay(library, workload, scenario, provider, seed):
    """Run it on the benchmark's model: a window, full jitter, errors by chance."""
    n = len(workload)
    retry, breaker = scenario.retry, scenario.breaker
    out = outcomes.empty(n)
    sent = np.empty(n * (1 + retry.max_retries))
    longest = ctypes.c_int64()
    real, whole = ctypes.c_double, ctypes.c_int64
    count = library.replay(
        whole(n),
        _pointer(workload.arrival_s),
        _pointer(workload.service_s),
        real(provider.error_rate),
        ctypes.c_uint64(seed),
        whole(int(scenario.rate_limit.rpm)),
        real(scenario.rate_limit.max_wait),
        whole(int(provider.rpm or 0)),
        whole(retry.max_retries),
        real(retry.base_delay_ms / 1000),
        real(retry.max_delay_ms / 1000),
        real(retry.backoff_multiplier),
        whole(breaker.failure_threshold),
        real(breaker.timeout),
        *(_pointer(array) for array in out),
        _pointer(sent),
        ctypes.byref(longest),
    )
    return Replay(out, sent[:count], longest.value)


def _pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)
