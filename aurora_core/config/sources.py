"""Read the layers of settings: a file, a file of variables, the environment, flags."""

import io
import os
import stat
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from aurora_core.config.catalogue import Setting, variable_of
from aurora_core.config.origin import Layer, LayerKind, Origin
from aurora_core.config.renamed import RENAMED
from aurora_core.config.suggest import closest_match
from aurora_core.config.toml_index import Path as SettingPath
from aurora_core.config.toml_index import Span, TomlEntry, index
from aurora_core.config.toml_text import TomlSyntaxError, parse

_MAX_BYTES: Final = 1024 * 1024
_PREFIX: Final = "AURORA_"
_NO_SETTINGS: Final = frozenset({"AURORA_CONFIG"})


class ConfigSourceError(Exception):
    """A named file cannot be read; the message says which one and why."""


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file of at most 1 MiB. Raises :class:`ConfigSourceError`."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ConfigSourceError(f"{path} is a folder; expected a file")
        if not stat.S_ISREG(status.st_mode):
            raise ConfigSourceError(f"{path} is a pipe or a device; expected a file")
        if status.st_size > _MAX_BYTES:
            raise ConfigSourceError(
                f"{path} has {status.st_size:,} bytes; expected a configuration of at most {_MAX_BYTES:,}"
            )
        return path.read_bytes()
    except OSError as error:
        raise ConfigSourceError(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        raise ConfigSourceError(f"{str(path)!r} is not a valid path") from None


def digest(path: Path) -> str:
    """Return the SHA-256 of the file, which identifies the configuration in a report."""
    import hashlib  # noqa: PLC0415 - OpenSSL comes with it, and only a report needs it

    return hashlib.sha256(read_bytes(path)).hexdigest()


def file_layer(path: Path) -> Layer:
    """Read a TOML file. Raises :class:`ConfigSourceError`, or ``TomlSyntaxError`` with its position."""
    text, values = parse(read_bytes(path))
    name = str(path)
    origins = {at: Origin("file", name, "", entry) for at, entry in index(text).items()}
    return Layer("file", values, origins, file=name, text=text)


def environment_layers(environ: Mapping[str, str], settings: Sequence[Setting]) -> list[Layer]:
    """Read the variables of the process; a second layer below for settings given by both of their names."""
    named = {name: (text, Origin("environment", "", name)) for name, text in environ.items()}
    return _variable_layers("environment", named, settings)


def env_file_layers(path: Path, settings: Sequence[Setting]) -> list[Layer]:
    """Read a file of variables, one ``NAME=value`` per line; layers as of :func:`environment_layers`.

    Raises as :func:`file_layer` does.
    """
    from dotenv.parser import parse_stream  # noqa: PLC0415 - only --env-file needs it

    raw = read_bytes(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TomlSyntaxError("not UTF-8", raw.count(b"\n", 0, error.start) + 1, 1) from None
    named: dict[str, tuple[str, Origin]] = {}
    repeated = []
    for binding in parse_stream(io.StringIO(text)):
        line = binding.original.line + _leading_line_ends(binding.original.string)
        if binding.error:
            raise TomlSyntaxError("expected NAME=value", line, 1)
        if binding.key is None:
            continue
        origin = Origin("env-file", str(path), binding.key, _whole_line(text, line))
        if binding.key in named:
            repeated.append(named[binding.key][1])
        named[binding.key] = (binding.value or "", origin)
    return _variable_layers("env-file", named, settings, str(path), text, repeated)


def flag_layer(flags: Mapping[str, tuple[str, str]], settings: Sequence[Setting]) -> Layer:
    """Read flags: for a setting's key the text and the name of the flag."""
    by_key = {setting.key: setting for setting in settings}
    given = {by_key[key].path: (text, Origin("flag", "", flag)) for key, (text, flag) in flags.items()}
    return Layer("flag", *_nest(given))


def _variable_layers(
    kind: LayerKind,
    named: Mapping[str, tuple[str, Origin]],
    settings: Sequence[Setting],
    file: str = "",
    text: str = "",
    repeated: Iterable[Origin] = (),
) -> list[Layer]:
    """Return the layer of the variables, and before it one of the names that lose against another."""
    winning: dict[tuple[str, ...], tuple[str, Origin]] = {}
    losing: dict[tuple[str, ...], tuple[str, Origin]] = {}
    for setting in settings:
        given = [named[name] for name in setting.variables if name in named and named[name][0]]
        for names, value in zip((winning, losing), given, strict=False):
            names[setting.path] = value
    renamed = {variable_of(key.split(".")): tuple(key.split(".")) for key in RENAMED}
    winning |= {path: named[name] for name, path in renamed.items() if named.get(name, ("",))[0]}
    known = {name for setting in settings for name in setting.variables} | renamed.keys()
    empty = tuple(origin for name, (value, origin) in named.items() if name in known and not value)
    unknown = tuple(origin for name, (_, origin) in named.items() if _is_unknown(name, known))
    layer = Layer(kind, *_nest(winning), file, text, unknown, tuple(repeated), empty)
    return [Layer(kind, *_nest(losing), file, text), layer] if losing else [layer]


def _is_unknown(name: str, known: Collection[str]) -> bool:
    """Return whether a variable matches no setting but is meant to: by our prefix, or almost a provider's."""
    if name in known or name in _NO_SETTINGS:
        return False
    if name.startswith(_PREFIX):
        return True
    others = [variable for variable in known if not variable.startswith(_PREFIX)]
    match = closest_match(name, others, min_similarity=0.9)
    return match is not None and name[:4] == match[:4]


def _nest(
    given: Mapping[tuple[str, ...], tuple[str, Origin]],
) -> tuple[dict[str, Any], dict[SettingPath, Origin]]:
    """Return the texts nested as in the file, and the origins by path."""
    values: dict[str, Any] = {}
    for path, (text, _) in given.items():
        table = values
        for step in path[:-1]:
            table = table.setdefault(step, {})
        table[path[-1]] = text
    return values, {path: origin for path, (_, origin) in given.items()}


def _leading_line_ends(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")


def _whole_line(text: str, line: int) -> TomlEntry:
    lines = text.splitlines()
    end = len(lines[line - 1].rstrip()) + 1 if line <= len(lines) else 1
    span = Span(line, 1, line, end)
    return TomlEntry(span, span)


def readable_by_others(path: str) -> bool:
    """Return whether users other than the owner and the group may read the file."""
    try:
        return os.name == "posix" and bool(Path(path).stat().st_mode & stat.S_IROTH)
    except OSError:
        return False
