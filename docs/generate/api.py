"""The reference of the Python API: a section per public module, whose docstrings Sphinx reads."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Final

import aurora_core
from aurora_core import resilience
from docs.generate import markdown
from docs.generate.markdown import code

_SUMMARY = """\
The modules that [the compatibility promise](../explanation/compatibility.md) covers. Names that are not on
this page are internal and change without notice."""
_OF_THE_TOOL: Final = ("aurora_cli.simulate", "aurora_cli.preflight")
"""Parts of the tool that are a library as well: replays, and custom checks."""


def page() -> str:
    """Return the page: a directive for each module, with the names that no module before it has."""
    seen: set[int] = set()
    return markdown.page("Python API", _SUMMARY, *(_section(name, seen) for name in _public_modules()))


def _public_modules() -> Iterator[str]:
    """Yield the parts of the library that declare public names, the guide's first, then those of the tool."""
    rooms = [module.name for module in pkgutil.iter_modules(aurora_core.__path__, "aurora_core.")]
    yield from sorted(
        (name for name in rooms if hasattr(importlib.import_module(name), "__all__")),
        key=lambda name: name != resilience.__name__,
    )
    yield from _OF_THE_TOOL


def _section(name: str, seen: set[int]) -> str:
    """Return a module's directive. An object is described once; ``seen`` holds the ids of those that were."""
    module = importlib.import_module(name)
    objects = {public: getattr(module, public) for public in sorted(module.__all__)}
    new = [public for public, value in objects.items() if id(value) not in seen]
    again = [code(public) for public in objects if public not in new]
    seen.update(map(id, objects.values()))
    directive = f".. automodule:: {name}\n   :members: {', '.join(new)}\n   :show-inheritance:"
    note = f"\n\nAlso here: {', '.join(again)}." if again else ""
    return f"## {code(name)}\n\n```{{eval-rst}}\n{directive}\n```{note}"
