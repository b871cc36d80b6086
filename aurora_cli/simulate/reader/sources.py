"""From what the caller names to files that DuckDB can open."""

import glob
import gzip
import shutil
import stat
import sys
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

from aurora_cli.simulate.reader import zstd
from aurora_cli.simulate.reader.errors import DamagedLog, LogNotFound

Compression = Literal["none", "gzip", "zstd"]

STANDARD_INPUT: Final = "-"
_GZIP_MAGIC: Final = b"\x1f\x8b"

UNREADABLE: Final = (EOFError, OSError, zlib.error)
"""What a gzip file that is cut short or corrupt raises."""


@dataclass(frozen=True)
class Source:
    """A file: ``name`` is what the caller calls it, ``path`` is where it can be opened."""

    name: str
    path: str
    compression: Compression


def find(names: Sequence[str], spool: Path) -> list[Source]:
    """Files of the names, patterns and ``-``, each once, in the order of the names.

    What can be read only once goes into the folder ``spool`` first.
    """
    return [_source(name, spool / str(place)) for place, name in enumerate(dict.fromkeys(_expanded(names)))]


def _expanded(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name == STANDARD_INPUT or not glob.has_magic(name) or Path(name).exists():
            yield name
            continue
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        if not matches:
            raise LogNotFound(f"no file matches `{name}`")
        yield from (match for match in matches if not Path(match).is_dir())


def _source(name: str, spool: Path) -> Source:
    if name == STANDARD_INPUT:
        _copy(sys.stdin.buffer, spool)
        return _recognised("standard input", spool, spool)
    path = Path(name)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise LogNotFound(f"`{name}` is a folder: name the files in it, as in `{path / '*.jsonl'}`")
        if not stat.S_ISREG(mode):
            with path.open("rb") as pipe:
                _copy(pipe, spool)
            path = spool
        return _recognised(name, path, spool)
    except FileNotFoundError:
        raise LogNotFound(f"no such file: `{name}`") from None
    except PermissionError:
        raise LogNotFound(f"no permission to read `{name}`") from None
    except ValueError as error:
        raise LogNotFound(f"no such file: {name!r} ({error})") from None


def _recognised(name: str, path: Path, spool: Path) -> Source:
    with path.open("rb") as file:
        start = file.read(4)
    compression: Compression = "none"
    if start.startswith(_GZIP_MAGIC):
        compression = "gzip"
    elif start == zstd.MAGIC:
        compression = "zstd"
        if not zstd.is_whole(str(path)):
            raise DamagedLog(f"`{name}` is cut short: its last Zstandard frame has no end; copy it again")
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise DamagedLog(f"`{name}` is UTF-16: convert it, as with `iconv -f UTF-16 -t UTF-8`")
    return _without_mark(Source(name, str(path), compression), spool)


def _without_mark(source: Source, spool: Path) -> Source:
    """Leave out a byte order mark, which DuckDB takes for a part of the first JSON line."""
    if source.compression == "zstd":
        return source
    with opened(source) as file:
        try:
            marked = file.read(len(BOM_UTF8)) == BOM_UTF8
        except UNREADABLE:
            return source  # what is wrong with the file is said by who reads it
        if not marked:
            return source
        unmarked = spool.with_suffix(".unmarked")
        _copy(file, unmarked)
    return Source(source.name, str(unmarked), "none")


def opened(source: Source) -> BinaryIO:
    """Open a plain or gzip file for its content."""
    if source.compression == "gzip":
        return gzip.open(source.path)  # type: ignore[return-value]  # a GzipFile reads as any binary file
    return Path(source.path).open("rb")


def _copy(file: BinaryIO, target: Path) -> None:
    with target.open("wb") as spooled:
        shutil.copyfileobj(file, spooled, 1 << 20)
