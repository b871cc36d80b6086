"""Which column of a log is what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from aurora_cli.simulate.reader.errors import BadOption, NotRecognised
from aurora_cli.simulate.reader.options import ROLES, ReadOptions


@dataclass(frozen=True)
class Layout:
    """The columns of a log by what they mean, and what its kind implies. None: the log has no such column.

    ``time_is_end``: a line is written when the query ends. ``has_other_lines``: a line without latency is
    no query, and not bad. ``empty_answer_fails``: no tokens in the answer is a failure.
    """

    format: str
    time: str
    latency_ms: str | None = None
    latency_s: str | None = None
    status: str | None = None
    error: str | None = None
    key: str | None = None
    tokens: str | None = None
    model: str | None = None
    id: str | None = None
    time_unit: str | None = None
    time_is_end: bool = False
    has_other_lines: bool = False
    empty_answer_fails: bool = False

    @property
    def latency(self) -> str | None:
        """The column of the latency, in whichever unit."""
        return self.latency_ms or self.latency_s

    @property
    def columns(self) -> list[str]:
        """The names of all columns that are read, each once."""
        roles = (self.time, self.latency, self.status, self.error, self.key, self.tokens, self.model, self.id)
        return list(dict.fromkeys(role for role in roles if role is not None))


_NAMES: Final = {
    "time": ("time", "timestamp", "ts", "created_at", "arrival", "arrival_time", "start_time", "datetime"),
    "latency_ms": ("latency_ms", "duration_ms", "elapsed_ms", "response_time_ms"),
    "latency_s": ("latency_s", "duration_s", "elapsed_s", "latency_seconds", "duration_seconds"),
    "status": ("status", "status_code", "http_status", "success", "outcome"),
    "error": ("error", "error_type", "exception"),
    "key": ("key", "cache_key"),
    "tokens": ("tokens", "output_tokens", "completion_tokens", "generated_tokens"),
    "model": ("model", "model_name", "deployment"),
    "id": ("id", "query_id", "request_id"),
}
"""What the columns of any log are commonly called, lower case with underscores."""

_AZURE: Final = Layout("Azure LLM inference", "TIMESTAMP", tokens="GeneratedTokens")
_MOONCAKE: Final = Layout(
    "Mooncake", "timestamp", tokens="output_length", key="hash_ids", time_unit="start-ms"
)
_BURSTGPT: Final = Layout(
    "BurstGPT",
    "Timestamp",
    tokens="Response tokens",
    model="Model",
    time_unit="start-s",
    empty_answer_fails=True,
)
_SERVICE: Final = Layout(
    "service log",
    "timestamp",
    latency_ms="latency_ms",
    status="level",
    id="query_id",
    time_is_end=True,
    has_other_lines=True,
)


def recognise(columns: Sequence[str], options: ReadOptions, log: str) -> Layout:
    """Tell the layout from the names of the columns; what the options name wins.

    BadOption where they name a column that is not there, NotRecognised where no column is a time.
    """
    _check_named(columns, options, log)
    named = {role: options.columns[role] for role in ROLES if role in options.columns}
    layout = _known(columns) or _common(columns, named.get("time"))
    if layout is None:
        raise NotRecognised(
            f"{log}: no column is recognised as the time of a query. Columns: {_listed(columns)}. "
            "Name them, as in `--columns time=NAME,latency_ms=NAME,status=NAME`"
        )
    if not named:
        return layout
    if "latency_ms" in named or "latency_s" in named:
        layout = replace(layout, latency_ms=None, latency_s=None)
    if "time" in named:
        layout = replace(layout, time_unit=None)
    return replace(layout, format="named columns", **named)  # type: ignore[arg-type]  # roles are fields of text


def _check_named(columns: Sequence[str], options: ReadOptions, log: str) -> None:
    for role, name in options.columns.items():
        if role not in ROLES:
            raise BadOption(f"`{role}` is nothing that a column can be: one of {', '.join(ROLES)}")
        if name not in columns:
            raise BadOption(f"{log}: there is no column `{name}` (for {role}). Columns: {_listed(columns)}")
    if {"latency_ms", "latency_s"} <= set(options.columns):
        raise BadOption("name the latency once: either latency_ms or latency_s")


def _known(columns: Sequence[str]) -> Layout | None:
    seen = set(columns)
    if seen >= {"TIMESTAMP", "ContextTokens", "GeneratedTokens"}:
        return _AZURE
    if seen >= {"timestamp", "input_length", "output_length", "hash_ids"}:
        return _MOONCAKE
    if seen >= {"Timestamp", "Model", "Request tokens", "Response tokens"}:
        elapsed = "Elapsed time" if "Elapsed time" in seen else None
        return replace(_BURSTGPT, latency_s=elapsed)
    if seen >= {"timestamp", "level", "message"} and _of_service(columns):
        return replace(
            _SERVICE,
            key=_called(columns, "key"),
            tokens=_called(columns, "tokens"),
            model=_called(columns, "model"),
        )
    return None


def _of_service(columns: Sequence[str]) -> bool:
    """Whether nothing but the service's own columns says how long a query took and how it ended."""
    others = {_called(columns, role) for role in ("latency_ms", "latency_s", "status", "error")}
    return others <= {None, "latency_ms"}


def _common(columns: Sequence[str], time: str | None) -> Layout | None:
    time = time or _called(columns, "time")
    if time is None:
        return None
    in_ms = _called(columns, "latency_ms")
    return Layout(
        "common column names",
        time,
        latency_ms=in_ms,
        latency_s=None if in_ms else _called(columns, "latency_s"),
        status=_called(columns, "status"),
        error=_called(columns, "error"),
        key=_called(columns, "key"),
        tokens=_called(columns, "tokens"),
        model=_called(columns, "model"),
        id=_called(columns, "id"),
    )


def _called(columns: Iterable[str], role: str) -> str | None:
    plain = {column.strip().lower().replace(" ", "_").replace("-", "_"): column for column in columns}
    return next((plain[name] for name in _NAMES[role] if name in plain), None)


def _listed(columns: Sequence[str], most: int = 30) -> str:
    names = ", ".join(f"`{name}`" for name in columns[:most]) or "none"
    return f"{names}, and {len(columns) - most} more" if len(columns) > most else names
