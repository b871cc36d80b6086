"""Logs as JSON lines: one object a record, in UTC, without any secret. `aurora simulate` reads them."""

import json
import logging
import math
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from aurora_core.security import Masker

_OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; whatever else it carries was given as ``extra``."""
_GUIDE: Final = ("query_id", "latency_ms")
_TEXT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JSONFormatter(logging.Formatter):
    """The guide's fields: timestamp, level, message, module, function; query_id and latency_ms where given.

    Beside them whatever was given as ``extra``, and an exception under ``exception``. One line, whatever is
    in the record: nothing that a caller logs makes it fail. Times are ISO 8601 in UTC. What looks like a key,
    and each of ``secrets``, is masked.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._masker = Masker(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Write the record as one JSON object."""
        moment = datetime.fromtimestamp(record.created, UTC)
        content: dict[str, Any] = {
            "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "message": _message(record),
            "module": record.module,
            "function": record.funcName,
        }
        extra = {name: value for name, value in vars(record).items() if name not in _OWN}
        content |= {name: extra.pop(name) for name in _GUIDE if name in extra}
        content |= {name: value for name, value in extra.items() if name not in content}
        if record.exc_info:
            content["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            content["stack"] = record.stack_info
        return json.dumps(
            self._plain(content)
        )  # ASCII: no reader takes a character of it for the end of a line

    def _plain(self, value: object, depth: int = 0) -> object:
        """What JSON can hold, masked; deep or odd things as their text."""
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        if isinstance(value, str):
            return self._masker.mask(value)
        if isinstance(value, Mapping) and depth < _DEEPEST:
            return {self._masker.mask(str(key)): self._plain(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset) and depth < _DEEPEST:
            return [self._plain(item, depth + 1) for item in value]
        return self._masker.mask(_shown(value))


_DEEPEST: Final = 8


class _OwnHandler(logging.StreamHandler[TextIO]):
    """The handler of :func:`configure_logging`, to be known by when it is called again."""


def configure_logging(
    level: str = "INFO", form: str = "json", *, stream: TextIO | None = None, secrets: Iterable[str] = ()
) -> None:
    """Let the root logger write to ``stream``, standard error by default, as ``[logging]`` says.

    Called again it takes the place of what it set before; handlers of others stay.
    """
    handler = _OwnHandler(stream or sys.stderr)
    handler.setFormatter(JSONFormatter(secrets) if form == "json" else logging.Formatter(_TEXT))
    for other in list(logging.root.handlers):
        if isinstance(other, _OwnHandler):
            logging.root.removeHandler(other)
    logging.root.addHandler(handler)
    logging.root.setLevel(level)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - arguments that do not fit the text are the caller's mistake, not its end
        return f"{_shown(record.msg)} {_shown(record.args)}"


def _shown(value: object) -> str:
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001 - an object that cannot be shown is no reason to lose the line
        return f"<{type(value).__name__} that cannot be shown: {type(error).__name__}>"
