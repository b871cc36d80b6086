"""Renaming keys that are surely misspelt."""

import difflib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from aurora_cli.check_config.names import siblings
from aurora_cli.check_config.subject import Subject
from aurora_cli.output import replacing
from aurora_core.config.nearest import nearest
from aurora_core.config.origin import Layer
from aurora_core.config.problems import Problem
from aurora_core.config.toml_index import Span
from aurora_core.secrets import Masker

_SURELY = 0.8


class Fix(NamedTuple):
    """A file's text before and after, and how many keys were renamed."""

    path: Path
    before: str
    after: str
    renamed: int

    def diff(self, masker: Masker) -> str:
        """What changes, line by line and without any secret."""
        name = str(self.path)
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), name, name, lineterm="", n=1
        )
        return "".join(f"{masker.mask(line)}\n" for line in lines)

    def apply(self) -> None:
        """Write the file, whole or not at all; its byte order mark and line ends stay what they are."""
        mark = b"\xef\xbb\xbf" if self.path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
        with replacing(self.path) as unfinished:
            unfinished.write_bytes(mark + self.after.encode("utf-8"))


def fixes(subject: Subject) -> Iterator[Fix]:
    """The file with each misspelt key renamed, where that is safe.

    It is where the key is much like another name, and that one is not there yet.
    """
    for layer in subject.layers("file"):
        names: dict[Span, str] = {}
        for problem in subject.total.problems:
            better = _better(layer, problem) if problem.kind == "unknown" else None
            entry = layer.origins[problem.path].entry if better else None
            if better and entry is not None and better not in names.values():
                names[entry.key] = better
        lines = layer.text.split("\n")
        for span, name in sorted(names.items(), reverse=True):
            line = lines[span.line - 1]
            lines[span.line - 1] = line[: span.column - 1] + name + line[span.end_column - 1 :]
        after = "\n".join(lines)
        if names and _reads(after):
            yield Fix(Path(layer.file), layer.text, after, len(names))


def _better(layer: Layer, problem: Problem) -> str | None:
    """The one name that is alike and free."""
    if problem.path not in layer.origins:
        return None
    around = layer.value(problem.path[:-1])
    free = [name for name in siblings(problem.path) if name not in around]
    return nearest(str(problem.path[-1]), free, _SURELY)


def _reads(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
