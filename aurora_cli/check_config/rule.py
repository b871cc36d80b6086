"""A rule: its code, how bad it is, its function, and its own words."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from aurora_cli.check_config.context import Inconclusive, LintContext, Violation
from aurora_cli.findings import Rule, Severity

Check = Callable[[LintContext], Iterator[Violation | Inconclusive]]


@dataclass(frozen=True)
class ConfigRule:
    """A module of ``rules/`` under its code, imported when it is asked.

    Its docstring says what, why, an example and what instead; its function ``check`` yields the findings.
    ``checked_by`` is the check of `aurora preflight` that answers for it. ``needs_values``: it is not run if
    a file cannot be parsed, since it would miss that file's values. ``hide_values``: a value in the line it
    points at may be a secret in the wrong place.
    """

    code: str
    severity: Severity
    module_name: str
    checked_by: str
    needs_values: bool = True
    hide_values: bool = False

    @property
    def module(self) -> ModuleType:
        """The rule itself."""
        return import_module(f"aurora_cli.check_config.rules.{self.module_name}")

    @property
    def check(self) -> Check:
        """What it does."""
        function: Check = self.module.check
        return function

    def metadata(self) -> Rule:
        """The rule in its own words."""
        explanation = inspect.cleandoc(self.module.__doc__ or "")
        summary = explanation.partition("\n")[0].rstrip(".")
        return Rule(self.code, self.module_name.replace("_", "-"), summary, explanation, self.severity)
