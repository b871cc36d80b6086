"""The examples in the rules' own words, taken apart."""

import re
from dataclasses import dataclass
from textwrap import dedent

from aurora_cli.check_config.codes import RULES

NOT_A_FILE = {"AUR203"}
"""Permissions are no text; this rule has tests of its own."""


@dataclass(frozen=True)
class Example:
    """Lines of a file, and variables around it."""

    toml: str
    environ: dict[str, str]


def examples(rule):
    """What the rule finds, and what to write instead."""
    text = f"{rule.metadata().explanation}\n"
    found = re.findall(r"^(?:Example|Instead)::\n\n((?:    .*\n?|\n)+)", text, re.MULTILINE)
    return [taken_apart(dedent(block)) for block in found]


def taken_apart(block):
    exports = dict(re.findall(r"^export (\w+)=(.*)$", block, re.MULTILINE))
    return Example(re.sub(r"^export .*\n", "", block, flags=re.MULTILINE), exports)


WITH_EXAMPLES = [rule for rule in RULES if rule.code not in NOT_A_FILE]
