"""Rename misspelt keys."""

import difflib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from aurora_cli.check_config.context import LintContext
from aurora_cli.check_config.suggest import siblings
from aurora_cli.output import replacing
from aurora_core.config.origin import Layer
from aurora_core.config.problems import Problem
from aurora_core.config.suggest import closest_match
from aurora_core.config.toml_index import Span
from aurora_core.secrets import Masker

_MIN_SIMILARITY = 0.8


class Fix(NamedTuple):
    """A file's text before and after, and how many keys were renamed."""

    path: Path
    before: str
    after: str
    renamed: int

    def diff(self, masker: Masker) -> str:
        """Return the changed lines as a unified diff, without any secret."""
        name = str(self.path)
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), name, name, lineterm="", n=1
        )
        return "".join(f"{masker.mask(line)}\n" for line in lines)

    def apply(self) -> None:
        """Write the file atomically; its byte order mark and line ends are kept."""
        mark = b"\xef\xbb\xbf" if self.path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
        with replacing(self.path) as unfinished:
            unfinished.write_bytes(mark + self.after.encode("utf-8"))


def find_fixes(context: LintContext) -> Iterator[Fix]:
    """Yield the file with each misspelt key renamed, if that is safe.

    A rename is safe if the key is very similar to a valid name that its table does not have yet.
    """
    for layer in context.layers("file"):
        names: dict[Span, str] = {}
        for problem in context.total.problems:
            name = _correct_name(layer, problem) if problem.kind == "unknown" else None
            entry = layer.origins[problem.path].entry if name else None
            if name and entry is not None and name not in names.values():
                names[entry.key] = name
        lines = layer.text.split("\n")
        for span, name in sorted(names.items(), reverse=True):
            line = lines[span.line - 1]
            lines[span.line - 1] = line[: span.column - 1] + name + line[span.end_column - 1 :]
        after = "\n".join(lines)
        if names and _is_toml(after):
            yield Fix(Path(layer.file), layer.text, after, len(names))


def _correct_name(layer: Layer, problem: Problem) -> str | None:
    """Return the similar name that is not in the table yet; None if there is none."""
    if problem.path not in layer.origins:
        return None
    table = layer.value(problem.path[:-1])
    free = [name for name in siblings(problem.path) if name not in table]
    return closest_match(str(problem.path[-1]), free, _MIN_SIMILARITY)


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
