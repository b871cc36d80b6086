"""What a process holds: looked at now and then, for what grows is a leak."""

import gc
import os
import threading
import tracemalloc
from pathlib import Path
from typing import NamedTuple

import aurora_core

CORE = str(Path(aurora_core.__file__).parent / "*")


class Holding(NamedTuple):
    """Bytes resident, bytes that the core's own lines allocated and hold, open descriptors, threads."""

    resident: int
    core: int
    descriptors: int
    threads: int


def measure():
    """Count everything once; what only waits to be collected is collected."""
    gc.collect()
    snapshot = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, CORE)])
    core = sum(trace.size for trace in snapshot.traces)
    return Holding(resident(), core, descriptors(), threading.active_count())


def resident():
    """Bytes of memory in use."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def descriptors():
    """How many files and sockets are open; reading the folder is one itself."""
    return len(list(Path("/proc/self/fd").iterdir())) - 1
