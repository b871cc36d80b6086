"""Logs as JSON lines: one object a record, in UTC, without any secret. `aurora simulate` reads them."""

import json
import logging
import math
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO, TypeVar

from aurora_core.secrets.masking import Masker
from aurora_core.secrets.secret import mask_text

_T = TypeVar("_T")

_OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; whatever else it carries was given as ``extra``."""
_GUIDE: Final = ("query_id", "latency_ms")
_TEXT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JSONFormatter(logging.Formatter):
    """The guide's fields: timestamp, level, message, module, function; query_id and latency_ms where given.

    Beside them whatever was given as ``extra`` (``extra_level`` where it was called ``level``), and an
    exception under ``exception``. One line, whatever is
    in the record: nothing that a caller logs makes it fail. Times are ISO 8601 in UTC. What looks like a key,
    and each of ``secrets``, is masked.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._masker = Masker(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Write the record as one JSON object."""
        content: dict[str, Any] = {
            "timestamp": _moment(record),
            "level": record.levelname,
            "message": _message(record),
            "module": record.module,
            "function": record.funcName,
        }
        extra = {name: value for name, value in vars(record).items() if name not in _OWN}
        content |= {name: extra.pop(name) for name in _GUIDE if name in extra}
        if exception := self._exception(record):
            content["exception"] = exception
        if record.stack_info:
            content["stack"] = record.stack_info
        content |= {f"extra_{name}" if name in content else name: value for name, value in extra.items()}
        plain = {
            self._masker.mask(name): _Plain(self._masker).named(name, value)
            for name, value in content.items()
        }
        return json.dumps(plain)  # ASCII: no reader takes a character of it for the end of a line

    def _exception(self, record: logging.LogRecord) -> str | None:
        """Also of a record that came from another process, where it is a text already."""
        try:
            return self.formatException(record.exc_info) if record.exc_info else record.exc_text
        except Exception:  # noqa: BLE001 - an exception that cannot be shown is no reason to lose the line
            return _shown(record.exc_info)


class _TextFormatter(logging.Formatter):
    """The form for a person: as logging writes it, in UTC, and masked as in JSON."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(_TEXT)
        self._masker = Masker(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return self._masker.mask(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        return _moment(record)


class _Plain:
    """Makes of a value of a record what JSON can hold, masked: odd things their text, endless ones a part."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._left = _MOST

    def of(self, value: object, depth: int = 0) -> object:
        """The value, or what can be shown of it."""
        self._left -= 1
        try:
            return self._known(value, depth)
        except Exception:  # noqa: BLE001 - the same
            return self._masker.mask(_shown(value))

    def named(self, name: str, value: object, depth: int = 0) -> object:
        """The value, masked whole where its name says that it is a secret."""
        if isinstance(value, str) and _SECRET_NAME.search(name):
            return mask_text(value)
        return self.of(value, depth)

    def _known(self, value: object, depth: int) -> object:
        if value is None or (isinstance(value, int) and value.bit_length() <= _WIDEST):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        if isinstance(value, str):
            return self._masker.mask(value)
        if isinstance(value, _HOLDING):
            return self._held(value, depth)
        return self._masker.mask(_shown(value))

    def _held(self, value: Any, depth: int) -> object:
        if depth >= _DEEPEST:
            return "..."
        if isinstance(value, Mapping):
            some = ((_shown(key), item) for key, item in self._some(value.items()))
            return {self._masker.mask(key): self.named(key, item, depth + 1) for key, item in some}
        return [self.of(item, depth + 1) for item in self._some(value)]

    def _some(self, items: Iterable[_T]) -> Iterator[_T]:
        for item in items:
            if self._left <= 0:
                return
            yield item


_SECRET_NAME: Final = re.compile(
    r"pass(?:word|wd|phrase)|secret|api[-_]?key|authorization|cookie|(?:^|[-_])token$", re.IGNORECASE
)
_HOLDING: Final = (Mapping, list, tuple, set, frozenset)
_DEEPEST: Final = 8
_MOST: Final = 10_000
"""Values in one: a list of lists that hold each other has more than there is memory."""
_WIDEST: Final = 64
"""Bits of a number that every reader of JSON takes."""


class _OwnHandler(logging.StreamHandler[TextIO]):
    """The handler of :func:`configure_logging`, to be known by when it is called again."""


def configure_logging(
    level: str = "INFO", form: str = "json", *, stream: TextIO | None = None, secrets: Iterable[str] = ()
) -> None:
    """Let the root logger write to ``stream``, standard error by default, as ``[logging]`` says.

    Called again it takes the place of what it set before; handlers of others stay.
    """
    handler = _OwnHandler(stream or sys.stderr)
    handler.setFormatter(JSONFormatter(secrets) if form == "json" else _TextFormatter(secrets))
    for other in list(logging.root.handlers):
        if isinstance(other, _OwnHandler):
            logging.root.removeHandler(other)
    logging.root.addHandler(handler)
    logging.root.setLevel(level)


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
