"""A log as it was recorded, into a metrics store."""

from collections.abc import Sequence

import typer

from aurora_cli import exit_codes
from aurora_cli.progress import Progress
from aurora_cli.simulate.reader import ReadOptions
from aurora_cli.simulate.record import as_recorded, parse_new_store, write_store
from aurora_cli.simulate.workload_source import load
from aurora_core.clock import SYSTEM_CLOCK


def import_into(
    store: str, logs: Sequence[str], options: ReadOptions, target_ms: float, cache_ttl_s: float
) -> int:
    """Write the log's calls by the minute, and say what was written and what comes next."""
    path = parse_new_store(store)
    with Progress() as progress:
        progress.begin("reading the log", at_once=True)
        source = load(logs, options, 1.0)
        progress.begin("writing the store")
        calls = as_recorded(source.workload, cache_ttl_s)
        written = write_store(path, calls, source.began(SYSTEM_CLOCK.wall()), "import", target_ms)
    typer.echo(written, err=True)
    return exit_codes.GOOD
