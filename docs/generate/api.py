"""The reference of the Python API: a section for each public module; Sphinx reads the docstrings when it builds."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Final

import aurora_core
from docs.generate import markdown
from docs.generate.markdown import code

_SUMMARY = """\
The modules that [the compatibility promise](../explanation/compatibility.md) covers. Names that are not on this page
are internal and change without notice."""
_OF_THE_TOOL: Final = ("aurora_cli.simulate", "aurora_cli.preflight")
"""Parts of the tool that are a library as well: replays, and checks of your own."""


def page() -> str:
    """Return the page: a directive for each module that Sphinx expands."""
    return markdown.page("Python API", _SUMMARY, *(_section(name) for name in _public_modules()))


def _public_modules() -> Iterator[str]:
    """Yield the rooms of the library that name their public parts, then those of the tool."""
    for module in pkgutil.iter_modules(aurora_core.__path__, "aurora_core."):
        if hasattr(importlib.import_module(module.name), "__all__"):
            yield module.name
    yield from _OF_THE_TOOL


def _section(name: str) -> str:
    directive = f".. automodule:: {name}\n   :members:\n   :show-inheritance:"
    return f"## {code(name)}\n\n```{{eval-rst}}\n{directive}\n```"
