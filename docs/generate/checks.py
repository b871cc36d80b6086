"""The reference of the checks of ``preflight``, from its ``--list`` and ``--explain``."""

import re

from docs.generate import markdown
from docs.generate.command import output_of
from docs.generate.markdown import docstring, prose, table

_SUMMARY = """\
The checks of `aurora preflight`, in the order in which they are reported. Print one of the texts below with
`--explain ID`; run a part of the list with `--check` and `--skip`, which take patterns such as `config.*`."""


def page() -> str:
    """Return the page: a table of all checks, and the explanation of each."""
    listed = re.findall(r"^(\S+) +(.+)$", output_of("preflight", "--list"), re.MULTILINE)
    rows, sections = [], []
    for check, question in listed:
        heading, _, explanation = output_of("preflight", "--explain", check).partition("\n")
        anchor = check.replace(".", "-")
        rows.append((f"[`{check}`](#{anchor})", prose(question), heading.rpartition("at most ")[2]))
        sections.append(f"({anchor})=\n\n## `{check}`\n\n{docstring(explanation, 'text')}")
    return markdown.page("Checks", _SUMMARY, table(("Check", "Passes if", "Time limit"), rows), *sections)
