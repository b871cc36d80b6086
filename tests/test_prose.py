"""Plain prose: the rules of CONTRIBUTING, *Prose*, that a machine can hold.

``python tests/test_prose.py [PATH ...]`` lists what breaks them, and counts it by room.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())

TO_REWRITE = frozenset(
    {
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "aurora_cli/alerts",
        "aurora_cli/app.py",
        "aurora_cli/backup.py",
        "aurora_cli/check_config",
        "aurora_cli/commands",
        "aurora_cli/configuration.py",
        "aurora_cli/documents",
        "aurora_cli/envelope.py",
        "aurora_cli/exit_codes.py",
        "aurora_cli/findings",
        "aurora_cli/json_schema.py",
        "aurora_cli/output.py",
        "aurora_cli/preflight",
        "aurora_cli/progress.py",
        "aurora_cli/rule_evaluation.py",
        "aurora_cli/sanitize.py",
        "aurora_cli/simulate",
        "aurora_cli/sla_report",
        "aurora_core/alerting",
        "aurora_core/cache",
        "aurora_core/clock.py",
        "aurora_core/config",
        "aurora_core/errors.py",
        "aurora_core/guards",
        "aurora_core/laws",
        "aurora_core/logs.py",
        "aurora_core/manual_clock.py",
        "aurora_core/metrics",
        "aurora_core/providers.py",
        "aurora_core/resilience",
        "aurora_core/secrets",
        "aurora_core/service.py",
        "aurora_core/singleflight.py",
        "aurora_core/sla",
        "aurora_core/sqlite.py",
        "aurora_core/store",
        "aurora_core/store_url.py",
        "aurora_core/types.py",
        "docs/alerts.md",
        "docs/runbooks.md",
        "docs/security.md",
        "tests/check_config",
        "tests/cli",
        "tests/config",
        "tests/guards",
        "tests/laws",
        "tests/metrics",
        "tests/preflight",
        "tests/resilience",
        "tests/secrets",
        "tests/simulate",
        "tests/sla",
        "tests/sla_report",
        "tests/store",
        "tests/test_cache.py",
        "tests/test_concurrency.py",
        "tests/test_guide.py",
        "tests/test_logs.py",
        "tests/test_service.py",
    }
)
"""Rooms (folders, or files at the top) that break a rule today; one that no longer does leaves the list."""


class Text(NamedTuple):
    """A piece of prose: where it stands, and what it is part of."""

    path: Path
    line: int
    kind: str
    text: str


WORDS = {
    "a word of the old dialect": (
        "mend(?:s|ed|ing)?", "whoever", "nobody", "somebody", "anew", "told",
        "patience", "standing", "stands",
        "figures?", "sheets?", "ground", "asked",
        r"looks?(?! ?-?ups?\b)", "looked", "letters?",
    ),
    "an idiom that does not translate": (
        "a person's word", "for good", "to the letter", "all the same",
        "of (?:one's|its|your|our|their|his) own",
    ),
    "'is no': say 'not a', 'invalid' or 'missing'": (
        r"(?:is|are|was|were) (?:no(?! longer\b| more\b)|none)", "which there is not",
    ),
    "'a minute' as a rate: say 'per minute'": (
        *(f"{counted} a (?:minute|second|day|query|call|request|channel|worker)" for counted in (
            "requests", "rows?", "tokens", "limiters?", "attempts", "calls", "queries", "starts", "messages",
        )),
    ),
}  # fmt: skip
BANNED = {rule: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) for rule, words in WORDS.items()}
OPENING = re.compile(r"(?:\A|(?<=[.!])\s+)(?:What|Who|Those|Of)\b(?![^.!?]*\?)(?! course)")
CONDITION = re.compile(
    r"(?:\A|(?<=[.;:,(])\s*|\b(?:also|only|even|except|but) )where\b(?![^.!?]*\?)"
    r"|\bwhere (?:there|none|nothing|no)\b",
    re.IGNORECASE,
)
NOT_IMPERATIVE = re.compile(
    r"(?:The|An?|Whether|What|Which|Who|Where|When|How|Each|All|Any|None|No|Its?|This|That|These|Those|One|Every|Of|In"
    r"|From|True|False|Not|Only|As|Also|If|Those|Both|Some|[A-Z][a-z]+(?:[^s'u]s|[^e]ed))\b"
)
MOST_CHARACTERS_OF_A_COMMANDS_HELP = 55
MOST_WORDS_OF_A_TEST = 12


def texts() -> Iterator[Text]:
    """Yield all prose of the project but for what is generated from the code."""
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        if "reference" not in path.parts:
            yield from _paragraphs(path)
    for package in ("aurora_core", "aurora_cli", "docs"):
        for path in (ROOT / package).rglob("*.py"):
            yield from _strings(path)
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield Text(path, node.lineno, "test", node.name)


def _paragraphs(path: Path) -> Iterator[Text]:
    """Yield the paragraphs, items and cells of a page; code keeps its lines and loses its text."""
    text = re.sub(
        r"^(```|~~~).*?^\1",
        lambda code: "\n" * code[0].count("\n"),
        path.read_text("utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )
    for found in re.finditer(r"(?:.+\n?)+", text):
        start = text.count("\n", 0, found.start()) + 1
        for part in re.finditer(
            r"(?:\A|^ *(?:[-*]|\d+\.) |\|)((?:(?!^ *[-*] )[^|])+)", found[0], re.MULTILINE
        ):
            kind = "heading" if part[1].startswith("#") else "text"
            yield Text(path, start + found[0].count("\n", 0, part.start(1)), kind, part[1])


def _strings(path: Path) -> Iterator[Text]:
    """Yield the docstrings of a module, and its strings of at least two words."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", [])
        for statement in body if isinstance(body, list) else []:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                docstrings.add(id(statement.value))
                if isinstance(statement.value.value, str):
                    is_action = statement is body[0] and isinstance(
                        node, ast.FunctionDef | ast.AsyncFunctionDef
                    )
                    kind = (
                        "function" if is_action and not _is_named_for_what_it_is(node, path) else "docstring"
                    )
                    yield Text(path, statement.lineno, kind, statement.value.value)
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings | inside and re.search(r"[a-z] [a-z]", node.value):
                yield Text(path, node.lineno, "string", node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "0" for part in node.values)
            yield Text(path, node.lineno, "string", "".join(map(str, parts)))


def _is_named_for_what_it_is(node: ast.FunctionDef | ast.AsyncFunctionDef, path: Path) -> bool:
    """Return whether a noun phrase describes the function: a law, a property, a protocol."""
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return (
        bool(decorators & {"property", "cached_property"})
        or "laws" in path.parts
        or node.name.startswith("__")
    )


def problems(text: Text) -> Iterator[str]:
    """Yield each rule that a piece of prose breaks."""
    if text.kind == "test":
        words = text.text.removeprefix("test_").split("_")
        if len(words) > MOST_WORDS_OF_A_TEST:
            yield f"a test's name of {len(words)} words"
        return
    prose = re.sub(r"(``?)[^`]+\1", "code", re.sub(r"::\n\n(?: {4}.*\n|\n)+", ".\n\n", text.text))
    prose = re.sub(r"\]\([^)]*\)|:\w+:`[^`]*`|https?://\S+", "", prose).strip()
    for rule, pattern in BANNED.items():
        yield from (f"{rule}: {found[0]!r}" for found in pattern.finditer(prose))
    if text.kind != "heading":
        sentences = re.sub(r"\s*\n\s*\n\s*", ". ", prose)
        yield from (
            f"a sentence that begins with {found[0].strip()!r}" for found in OPENING.finditer(sentences)
        )
        yield from (
            f"a condition with {found[0].strip()!r}: say 'if' or 'when'"
            for found in CONDITION.finditer(prose)
        )
    if text.kind == "function" and NOT_IMPERATIVE.match(prose):
        yield f"a function's docstring that is not imperative: {prose.splitlines()[0][:40]!r}"


def room(path: Path) -> str:
    """Return the folder of two levels that a file is in, or the file itself at the top of a package."""
    return "/".join(path.relative_to(ROOT).parts[:2])


def found() -> dict[str, list[str]]:
    """Return what breaks the rules, by room."""
    rooms: dict[str, list[str]] = {}
    for text in texts():
        for problem in problems(text):
            where = f"{text.path.relative_to(ROOT)}:{text.line}: {problem}"
            rooms.setdefault(room(text.path), []).append(where)
    return rooms


@pytest.fixture(scope="module")
def rooms() -> dict[str, list[str]]:
    return found()


def test_prose_follows_the_rules(rooms):
    broken = [problem for name, listed in rooms.items() if name not in TO_REWRITE for problem in listed]
    assert not broken, "\n".join(broken)


def test_rooms_that_were_rewritten_leave_the_list(rooms):
    assert set(rooms) >= TO_REWRITE, f"remove from TO_REWRITE: {sorted(TO_REWRITE - set(rooms))}"


def test_first_sentence_of_a_commands_help_fits_one_line():
    from aurora_cli.app import app

    inner = (group.typer_instance for group in app.registered_groups)
    callbacks = (item.callback for group in chain([app], inner) for item in group.registered_commands)
    summaries = {item.__name__: (item.__doc__ or "").partition(".")[0] + "." for item in callbacks}
    long = {name: text for name, text in summaries.items() if len(text) > MOST_CHARACTERS_OF_A_COMMANDS_HELP}
    if "aurora_cli/commands" in TO_REWRITE:
        pytest.skip(f"still to be rewritten: {', '.join(long)}")
    assert not long


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("string", "mend preflight.log_write", "old dialect"),
        ("string", "'0s' is no stretch of time", "is no"),
        ("docstring", "What the service imports.", "begins with 'What'"),
        ("docstring", "The file is made, where there is none.", "'if' or 'when'"),
        ("docstring", "Up to 60 requests a minute.", "per minute"),
        ("function", "The settings that hold.", "not imperative"),
        ("function", "Returns the settings.", "not imperative"),
        ("test", "test_" + "_".join("word" for _ in range(13)), "13 words"),
    ],
)
def test_rules_find_what_they_are_for(kind, text, problem):
    assert problem in " ".join(problems(Text(ROOT, 1, kind, text)))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("string", "fix the command in preflight.log_write"),
        ("docstring", "Look-ups in the cache are counted; the `figure` is no longer kept."),
        ("heading", "# What is frozen"),
        ("docstring", "The file says where each value was set."),
        ("text", "What would this limit have done?"),
        ("function", "Return the settings that apply."),
        ("function", "Pass the call to the provider."),
    ],
)
def test_plain_prose_passes(kind, text):
    assert list(problems(Text(ROOT, 1, kind, text))) == []


def main(paths: list[str]) -> int:
    """Print what breaks the rules in the given paths, or in the whole tree, and a count by room."""
    rooms = found()
    lines = (line for room_lines in rooms.values() for line in room_lines)
    listed = [line for line in lines if not paths or line.startswith(tuple(paths))]
    counts = Counter({name: len(lines) for name, lines in rooms.items()}).most_common()
    print(*listed, *(f"{times:5} {name}" for name, times in counts), sep="\n")  # noqa: T201 - a command
    return int(bool(listed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
