"""The documentation is up to date.

Why: a command that no longer works costs every newcomer the same hour.

How it is checked: in `preflight.docs` each link to a file and each anchor resolves, the programs of its
shell blocks exist, and no file that it names in backticks was committed after it.

Fix: correct what is named; if the document is right though the code is newer, review it and commit it again.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.evidence import file_evidence
from aurora_cli.preflight.git import is_repository, last_commit_time
from aurora_cli.preflight.markdown import anchor, code_words, commands, links, sections

_EXTERNAL: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ASSIGNMENT: Final = re.compile(r"\w+=")
_SHELL_WORDS: Final = frozenset({
    "alias", "cd", "echo", "eval", "exec", "exit", "export", "if", "for", "set", "source", "test", "time",
    "trap", "true", "umask", "unset", "while", ".", ":", "[", "{", "(",
})  # fmt: skip


def run(context: Context) -> Outcome:
    """Check document by document."""
    names = context.settings.preflight.docs
    if not names:
        return Outcome("manual", "preflight.docs names no document", "set preflight.docs, or attest it")
    evidence, problems = [], []
    for name in names:
        path = context.root / name
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problem = getattr(error, "strerror", None) or "invalid UTF-8"
            return Outcome("fail", f"{name} cannot be read: {problem}", "write it, or correct preflight.docs")
        broken = (*_broken_links(path, text), *_missing_programs(context, text))
        problems += [f"{name}: {problem}" for problem in broken]
        evidence.append(file_evidence(path))
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        return Outcome("fail", f"{problems[0]}{more}", "correct the document", tuple(evidence))
    if newer := _newer_code(context):
        more = f", and {len(newer) - 1} more" if len(newer) > 1 else ""
        return Outcome("warn", f"{newer[0]}{more}", "review it, and commit it again", tuple(evidence))
    return Outcome("pass", f"links and commands of {', '.join(names)} resolve", "", tuple(evidence))


def _broken_links(path: Path, text: str) -> Iterator[str]:
    for link in links(text):
        if _EXTERNAL.match(link) or link.startswith("//"):
            continue
        name, _, fragment = link.partition("#")
        target = path.parent / unquote(name) if name else path
        if not target.exists():
            yield f"the link to {link} is broken: no such file"
        elif fragment and target.suffix == ".md" and anchor(unquote(fragment)) not in _anchors(target):
            yield f"the link to {link} is broken: no such heading"


def _anchors(path: Path) -> dict[str, str]:
    return sections(path.read_text(encoding="utf-8", errors="replace"))


def _missing_programs(context: Context, text: str) -> Iterator[str]:
    for command in commands(text):
        try:
            words = [word for word in shlex.split(command, comments=True) if not _ASSIGNMENT.match(word)]
        except ValueError:
            continue  # a quotation that ends on the next line
        if words and words[0] not in _SHELL_WORDS and not _exists(context, words[0]):
            yield f"no such program: `{words[0]}`"


def _exists(context: Context, program: str) -> bool:
    if "/" in program:
        return (context.root / program).exists()
    return shutil.which(program, path=context.environ.get("PATH")) is not None


def _newer_code(context: Context) -> list[str]:
    if not is_repository(context):
        return []
    newer = []
    for name in context.settings.preflight.docs:
        words = code_words((context.root / name).read_text(encoding="utf-8"))
        files = [Path(word) for word in sorted(words) if "/" in word and (context.root / word).is_file()]
        written = last_commit_time(context, [Path(name)])
        newer += [
            f"{file} was committed after {name}"
            for file in files
            if last_commit_time(context, [file]) > written > 0
        ]
    return newer
