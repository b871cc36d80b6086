"""The layers that settings come from: a file, a file of variables, the environment, flags."""

import io
import os
import stat
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from aurora_core.config.catalogue import Setting, variable_of
from aurora_core.config.nearest import nearest
from aurora_core.config.origin import Layer, LayerKind, Origin
from aurora_core.config.renamed import RENAMED
from aurora_core.config.toml_index import Entry, Span, index
from aurora_core.config.toml_index import Path as Place
from aurora_core.config.toml_text import TomlProblem, parse

_LARGEST: Final = 1024 * 1024
_PREFIX: Final = "AURORA_"
_NO_SETTINGS: Final = frozenset({"AURORA_CONFIG"})


class SourceUnreadable(Exception):  # noqa: N818 - says what happened
    """A file that was named cannot be read at all; the message says which and why."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file of at most 1 MiB. Raises :class:`SourceUnreadable`."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SourceUnreadable(f"{path} is a folder; name a file in it")
        if not stat.S_ISREG(status.st_mode):
            raise SourceUnreadable(f"{path} is a pipe or a device; name a file")
        if status.st_size > _LARGEST:
            raise SourceUnreadable(
                f"{path} has {status.st_size:,} bytes, a configuration at most {_LARGEST:,}: another file?"
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceUnreadable(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        raise SourceUnreadable(f"{str(path)!r} is no name of a file") from None


def digest(path: Path) -> str:
    """The file's SHA-256, so that a report says which configuration it is of."""
    import hashlib  # noqa: PLC0415 - OpenSSL comes with it, and only a report needs it

    return hashlib.sha256(read_bytes(path)).hexdigest()


def file_layer(path: Path) -> Layer:
    """What the TOML file says. Raises :class:`SourceUnreadable`, or ``TomlProblem`` with its position."""
    text, values = parse(read_bytes(path))
    name = str(path)
    origins = {place: Origin("file", name, "", entry) for place, entry in index(text).items()}
    return Layer("file", values, origins, file=name, text=text)


def environment_layer(environ: Mapping[str, str], settings: Sequence[Setting]) -> Layer:
    """What the variables of the process say."""
    named = {name: (text, Origin("environment", "", name)) for name, text in environ.items()}
    return _variables("environment", named, settings)


def env_file_layer(path: Path, settings: Sequence[Setting]) -> Layer:
    """What a file of variables says, ``NAME=value`` a line. Raises as :func:`file_layer` does."""
    from dotenv.parser import parse_stream  # noqa: PLC0415 - only --env-file needs it

    raw = read_bytes(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TomlProblem("not UTF-8", raw.count(b"\n", 0, error.start) + 1, 1) from None
    named: dict[str, tuple[str, Origin]] = {}
    repeated = []
    for binding in parse_stream(io.StringIO(text)):
        line = binding.original.line + _leading_line_ends(binding.original.string)
        if binding.error:
            raise TomlProblem("not like NAME=value", line, 1)
        if binding.key is None:
            continue
        origin = Origin("env-file", str(path), binding.key, _whole_line(text, line))
        if binding.key in named:
            repeated.append(named[binding.key][1])
        named[binding.key] = (binding.value or "", origin)
    return _variables("env-file", named, settings, str(path), text, repeated)


def flag_layer(flags: Mapping[str, tuple[str, str]], settings: Sequence[Setting]) -> Layer:
    """What flags say: for a setting's key the text that was given, and the flag's own name."""
    by_key = {setting.key: setting for setting in settings}
    values: dict[str, Any] = {}
    origins: dict[Place, Origin] = {}
    for key, (text, flag) in flags.items():
        _put(values, by_key[key].path, text)
        origins[by_key[key].path] = Origin("flag", "", flag)
    return Layer("flag", values, origins)


def _variables(
    kind: LayerKind,
    named: Mapping[str, tuple[str, Origin]],
    settings: Sequence[Setting],
    file: str = "",
    text: str = "",
    repeated: Iterable[Origin] = (),
) -> Layer:
    values: dict[str, Any] = {}
    origins: dict[Place, Origin] = {}
    empty = []
    known = {setting.variable: setting.path for setting in settings if setting.variable}
    known |= {variable_of(key.split(".")): tuple(key.split(".")) for key in RENAMED}
    for variable, path in known.items():
        if variable not in named:
            continue
        value, origin = named[variable]
        if value:
            _put(values, path, value)
            origins[path] = origin
        else:
            empty.append(origin)
    unknown = tuple(origin for name, (_, origin) in named.items() if _is_unknown(name, known))
    return Layer(kind, values, origins, file, text, unknown, tuple(repeated), tuple(empty))


def _is_unknown(name: str, known: Collection[str]) -> bool:
    """Whether a variable matches nothing and was meant to: ours by its prefix, a provider's by its looks."""
    if name in known or name in _NO_SETTINGS:
        return False
    if name.startswith(_PREFIX):
        return True
    others = [variable for variable in known if not variable.startswith(_PREFIX)]
    almost = nearest(name, others, alike=0.9)
    return almost is not None and name[:4] == almost[:4]


def _put(values: dict[str, Any], path: tuple[str, ...], value: str) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value


def _leading_line_ends(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")


def _whole_line(text: str, line: int) -> Entry:
    lines = text.splitlines()
    end = len(lines[line - 1].rstrip()) + 1 if line <= len(lines) else 1
    span = Span(line, 1, line, end)
    return Entry(span, span)


def readable_by_others(path: str) -> bool:
    """Whether others than the owner and the group may read the file."""
    try:
        return os.name == "posix" and bool(Path(path).stat().st_mode & stat.S_IROTH)
    except OSError:
        return False
