"""The options of the commands that read a log, as typed, and what the reader takes."""

from typing import NamedTuple

from aurora_cli.exit_codes import UsageError
from aurora_cli.options import parse_list, parse_pairs
from aurora_cli.simulate.reader import ReadOptions, parse_latency


class LogOptions(NamedTuple):
    """The texts of ``--columns``, ``--failed``, ``--time-unit`` and ``--latency``; None: not given."""

    columns: str | None
    failed: str | None
    time_unit: str | None
    latency: str | None

    def parsed(self, max_bad_share: float, *, with_models: bool = False) -> ReadOptions:
        """Return the reader's options. Raises ``UsageError``."""
        try:
            latency = None if self.latency is None else parse_latency(self.latency)
        except ValueError as error:
            raise UsageError(f"--latency: {error}") from None
        return ReadOptions(
            columns=parse_pairs("--columns", self.columns),
            failed=frozenset(parse_list(self.failed)),
            time_unit=self.time_unit,
            latency=latency,
            max_bad_share=max_bad_share,
            with_models=with_models,
        )
