"""The reference of the rules of ``check-config``, from its ``--list`` and ``--explain``."""

import re

from docs.generate import markdown
from docs.generate.command import output_of
from docs.generate.markdown import docstring, prose, table

_SUMMARY = """\
The rules of `aurora check-config`. Select rules by code or by prefix with `--select` and `--ignore`; print
one of the texts below with `--explain CODE`. Rules marked `--online` run only if that option is given."""


def page() -> str:
    """Return the page: a table of all rules, and the explanation of each."""
    listed = re.findall(r"^(\w+) +(\w+) +(.+)$", output_of("check-config", "--list"), re.MULTILINE)
    rows, sections = [], []
    for code, severity, summary in listed:
        heading, _, explanation = _explanation(code).partition("\n")
        name = heading.split()[1]
        rows.append((f"[{code}](#{code.lower()})", f"`{name}`", severity, prose(summary)))
        sections.append(f"({code.lower()})=\n\n## {code} `{name}`\n\n{docstring(explanation, 'toml')}")
    return markdown.page("Rules", _SUMMARY, table(("Code", "Name", "Severity", "Summary"), rows), *sections)


def _explanation(code: str) -> str:
    """Return a rule's text; its examples of keys are cut short, which a scanner would report."""
    return re.sub(r"\b(sk-[a-z0-9-]+-)\w{16,}", r"\1...", output_of("check-config", "--explain", code))
