"""The documentation is up to date.

Why: a command that no longer works costs every newcomer the same hour.

Proof: in `preflight.docs` each link to a file and each anchor leads somewhere, the programs of its shell
blocks can be found, and no file that it names in backticks was committed after it.

Mend: correct what is named; where the document is right though the code is newer, commit it anew after a
reading.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.files import file_evidence
from aurora_cli.preflight.markdown import anchor, code_words, commands, links, sections
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.repository import changed_at, is_repository

_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ASSIGNMENT: Final = re.compile(r"\w+=")
_SHELL_WORDS: Final = frozenset(
    [
        "alias",
        "cd",
        "echo",
        "eval",
        "exec",
        "exit",
        "export",
        "if",
        "for",
        "set",
        "source",
        "test",
        "time",
        "trap",
        "true",
        "umask",
        "unset",
        "while",
        ".",
        ":",
        "[",
        "{",
        "(",
    ]
)


def look(context: Context) -> Outcome:
    """Document by document."""
    named = context.settings.preflight.docs
    if not named:
        return Outcome("manual", "preflight.docs names no document", "set preflight.docs, or attest it")
    evidence, wrong = [], []
    for name in named:
        path = context.root / name
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problem = getattr(error, "strerror", None) or "it is not UTF-8"
            return Outcome("fail", f"{name} cannot be read: {problem}", "write it, or correct preflight.docs")
        wrong += [f"{name}: {what}" for what in (*_lost_links(path, text), *_lost_programs(context, text))]
        evidence.append(file_evidence(path))
    if wrong:
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        return Outcome("fail", f"{wrong[0]}{more}", "correct the document", tuple(evidence))
    if newer := _newer_code(context):
        help_ = "read it over, and commit what has to change"
        return Outcome(
            "warn",
            f"{newer[0]}, and {len(newer)} in all" if len(newer) > 1 else newer[0],
            help_,
            tuple(evidence),
        )
    return Outcome("pass", f"links and commands of {', '.join(named)} lead somewhere", "", tuple(evidence))


def _lost_links(path: Path, text: str) -> Iterator[str]:
    for link in links(text):
        if _ELSEWHERE.match(link) or link.startswith("//"):
            continue
        name, _, fragment = link.partition("#")
        target = path.parent / unquote(name) if name else path
        if not target.exists():
            yield f"the link to {link} leads nowhere"
        elif fragment and target.suffix == ".md" and anchor(unquote(fragment)) not in _anchors(target):
            yield f"the link to {link} leads to no heading"


def _anchors(path: Path) -> dict[str, str]:
    return sections(path.read_text(encoding="utf-8", errors="replace"))


def _lost_programs(context: Context, text: str) -> Iterator[str]:
    for command in commands(text):
        try:
            words = [word for word in shlex.split(command, comments=True) if not _ASSIGNMENT.match(word)]
        except ValueError:
            continue  # a quotation that ends on the next line
        if words and words[0] not in _SHELL_WORDS and not _is_there(context, words[0]):
            yield f"there is no program `{words[0]}`"


def _is_there(context: Context, program: str) -> bool:
    if "/" in program:
        return (context.root / program).exists()
    return shutil.which(program, path=context.environ.get("PATH")) is not None


def _newer_code(context: Context) -> list[str]:
    if not is_repository(context):
        return []
    newer = []
    for name in context.settings.preflight.docs:
        path = context.root / name
        words = code_words(path.read_text(encoding="utf-8"))
        files = [Path(word) for word in sorted(words) if "/" in word and (context.root / word).is_file()]
        written = changed_at(context, [Path(name)])
        newer += [
            f"{file} was committed after {name}"
            for file in files
            if changed_at(context, [file]) > written > 0
        ]
    return newer
