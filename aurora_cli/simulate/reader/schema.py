"""How all files of a log are to be read: one layout, and the form of the time in each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from aurora_cli.simulate.reader import duckdb_utils, formats, sniff, table, timestamps
from aurora_cli.simulate.reader.errors import BadOption
from aurora_cli.simulate.reader.formats import Layout
from aurora_cli.simulate.reader.options import BY_TOKENS, FLAT, LatencyModel, ReadOptions
from aurora_cli.simulate.reader.sniff import Head
from aurora_cli.simulate.reader.sources import Source
from aurora_cli.simulate.reader.timestamps import TimestampFormat

_PREFIX = "assumed, since the log has no latencies: "


class LogFile(NamedTuple):
    """A file that is not empty, with its beginning."""

    source: Source
    head: Head


@dataclass(frozen=True)
class LogSchema:
    """``times`` has the form of each file. ``model`` is None where the log's own latencies are taken."""

    layout: Layout
    times: tuple[TimestampFormat, ...]
    model: LatencyModel | None
    latency: str

    @property
    def needs_tokens(self) -> bool:
        """Whether a line without its number of tokens is of no use."""
        by_tokens = self.model is not None and self.model.per_token_s > 0
        return by_tokens or self.layout.empty_answer_fails

    @property
    def since_epoch(self) -> bool:
        """Whether the log says the hour of the day."""
        return self.times[0].since_epoch

    @property
    def time(self) -> str:
        """In words, where the arrival comes from."""
        forms = " or ".join(dict.fromkeys(map(str, self.times)))
        end = ", written when the query ends: arrival is time less latency" if self.layout.time_is_end else ""
        return f"column `{self.layout.time}`, {forms}{end}"

    @property
    def service_sql(self) -> str:
        """SQL of how long the provider takes, in seconds."""
        if self.model is None:
            return "latency_s"
        if not self.model.per_token_s:
            return f"{self.model.base_s!r}"
        return f"{self.model.base_s!r} + {self.model.per_token_s!r}::DOUBLE * tokens"


def open_files(connection: duckdb_utils.Connection, found: Sequence[Source]) -> list[LogFile]:
    """Look into each file, and leave out those that have nothing in them."""
    files = [LogFile(source, sniff.sniff_file(connection, source)) for source in found]
    return [file for file in files if file.head.container != "empty"]


def infer_schema(
    connection: duckdb_utils.Connection, files: Sequence[LogFile], options: ReadOptions
) -> LogSchema:
    """Tell how to read the files, which is the same way for all; BadOption where that cannot be."""
    layout = _layout(connection, files, options)
    model, latency = _latency(layout, options)
    if options.latency is not None and not layout.time_is_end:
        layout = replace(layout, latency_ms=None, latency_s=None)
    return LogSchema(layout, _times(files, layout, options), model, latency)


def _layout(connection: duckdb_utils.Connection, files: Sequence[LogFile], options: ReadOptions) -> Layout:
    first = files[0]
    sparse = [file for file in files if file.head.container == "JSON lines"]
    columns = list(dict.fromkeys(name for file in sparse or [first] for name in file.head.columns))
    if sparse:
        later = (name for name in options.columns.values() if name not in columns)
        columns += [name for name in later if _holds(connection, sparse, name)]
    layout = formats.recognise(columns, options, f"`{first.source.name}`")
    if sparse and layout.error is None and layout.status != "level":
        layout = replace(layout, error="error")  # often written only where there is one
    if not options.with_models:
        layout = replace(layout, model=None)
    known = sparse[0] if sparse else first
    for file in files:
        missing = [name for name in layout.columns if name not in file.head.columns]
        if missing and file.head.container != "JSON lines":
            raise BadOption(
                f"`{file.source.name}` has no column `{missing[0]}`, which `{known.source.name}` has: "
                "read logs of different kinds one by one"
            )
    return layout


def _holds(connection: duckdb_utils.Connection, files: Sequence[LogFile], column: str) -> bool:
    """Whether a column that the first lines do not have is in the files at all."""
    return any(
        connection.execute(
            f"SELECT 1 FROM {table.reader_sql(file.source, file.head, [column])} "  # noqa: S608 - quoted
            f"WHERE {duckdb_utils.name(column)} IS NOT NULL LIMIT 1"
        ).fetchone()
        for file in files
    )


def _latency(layout: Layout, options: ReadOptions) -> tuple[LatencyModel | None, str]:
    stated = options.latency
    if stated is not None:
        if stated.per_token_s and layout.tokens is None:
            raise BadOption(
                f"latency {stated} needs the number of generated tokens, and the log has none: "
                "name its column, as in `--columns tokens=NAME`, or state a flat latency, as in 800ms"
            )
        return stated, f"as stated: {_words(stated, layout)}"
    if layout.latency:
        unit = "milliseconds" if layout.latency_ms else "seconds"
        return None, f"column `{layout.latency}`, {unit}"
    model = BY_TOKENS if layout.tokens else FLAT
    return model, _PREFIX + _words(model, layout)


def _words(model: LatencyModel, layout: Layout) -> str:
    if not model.per_token_s:
        return f"{model} for every query"
    return f"{model}, tokens from column `{layout.tokens}`"


def _times(files: Sequence[LogFile], layout: Layout, options: ReadOptions) -> tuple[TimestampFormat, ...]:
    unit = options.time_unit or layout.time_unit
    forms = [timestamps.recognise(file.head.values(layout.time), unit) for file in files]
    known = next((form for form in forms if form is not None), TimestampFormat("iso"))
    times = tuple(form or known for form in forms)
    if len({form.since_epoch for form in times}) > 1:
        raise BadOption(
            "some files count the time from the start of the log and some do not: read them one by one, "
            "or say the unit, as in `--time-unit ms`"
        )
    return times
