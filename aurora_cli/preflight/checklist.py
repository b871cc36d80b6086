"""The guide's twenty items, in its order: the only list of them. Each is a module of ``checks/``.

A module's docstring is the check's explanation, its function ``look`` the check.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Final, NamedTuple

from aurora_cli.preflight.check import ASKING_S, QUICK_S, TOOL_S, Check

GROUPS: Final = {
    "pre": "pre-deployment",
    "config": "configuration",
    "monitoring": "monitoring",
    "recovery": "backup and recovery",
    "own": "of your own",
}


class _Item(NamedTuple):
    id: str
    limit_s: float
    stem: str
    may_come_right: bool = False


_ITEMS: Final = (
    _Item("pre.tests", TOOL_S, "tests"),
    _Item("pre.security", TOOL_S, "security"),
    _Item("pre.types", TOOL_S, "types"),
    _Item("pre.lint", TOOL_S, "lint"),
    _Item("pre.benchmarks", TOOL_S, "benchmarks"),
    _Item("pre.docs", ASKING_S, "docs"),
    _Item("config.api-keys", TOOL_S, "api_keys"),
    _Item("config.rate-limit", QUICK_S, "rate_limit"),
    _Item("config.retry", QUICK_S, "retry"),
    _Item("config.metrics", ASKING_S, "metrics", may_come_right=True),
    _Item("config.alerts", ASKING_S, "alerts", may_come_right=True),
    _Item("config.logs", ASKING_S, "logs", may_come_right=True),
    _Item("monitoring.dashboard", ASKING_S, "dashboard", may_come_right=True),
    _Item("monitoring.alerts", ASKING_S, "routes", may_come_right=True),
    _Item("monitoring.slo", ASKING_S, "slo", may_come_right=True),
    _Item("monitoring.runbooks", QUICK_S, "runbooks"),
    _Item("recovery.backups", ASKING_S, "backups"),
    _Item("recovery.cache", QUICK_S, "cache"),
    _Item("recovery.rollback", QUICK_S, "rollback"),
    _Item("recovery.drill", QUICK_S, "drill"),
)


def checklist() -> Sequence[Check]:
    """The checks themselves."""
    return [_check(item) for item in _ITEMS]


def _check(item: _Item) -> Check:
    module = import_module(f"aurora_cli.preflight.checks.{item.stem}")
    return Check(item.id, module.__doc__ or "", item.limit_s, module.look, item.may_come_right)
