"""A rule: its code, how bad it is, its function, and its own words."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from aurora_cli.check_config.subject import Complaint, Subject, Undecided
from aurora_cli.findings import Rule, Severity


@dataclass(frozen=True)
class ConfigRule:
    """A module of ``rules/`` under its code. Its docstring says what, why, an example and what instead."""

    code: str
    severity: Severity
    module: ModuleType

    @property
    def name(self) -> str:
        """The module's name, with hyphens."""
        return self.module.__name__.rpartition(".")[2].replace("_", "-")

    @property
    def explanation(self) -> str:
        """All that the rule says of itself."""
        return inspect.cleandoc(self.module.__doc__ or "")

    @property
    def summary(self) -> str:
        """Its first line."""
        return self.explanation.partition("\n")[0].rstrip(".")

    @property
    def check(self) -> Callable[[Subject], Iterator[Complaint | Undecided]]:
        """What it does."""
        function: Callable[[Subject], Iterator[Complaint | Undecided]] = self.module.check
        return function

    def told(self) -> Rule:
        """The rule as a report names it."""
        return Rule(self.code, self.name, self.summary, self.explanation, self.severity)
