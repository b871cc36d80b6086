"""The guide's twenty items, in its order, and the check of the configuration: the only list of them.

Each is a module of ``checks/``: its docstring is the check's explanation, its function ``run`` the check.
"""

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from importlib import import_module
from typing import Final, NamedTuple

from aurora_cli.exit_codes import UsageError
from aurora_cli.preflight.check import PROBE_S, QUICK_S, TOOL_S, Check
from aurora_cli.preflight.context import ALWAYS
from aurora_core.config.suggest import closest_match

GROUPS: Final = {
    "pre": "pre-deployment",
    "config": "configuration",
    "monitoring": "monitoring",
    "recovery": "backup and recovery",
    "custom": "custom",
}


class _Item(NamedTuple):
    id: str
    timeout_s: float
    module_name: str
    retryable: bool = False


_ITEMS: Final = (
    _Item("pre.tests", TOOL_S, "tests"),
    _Item("pre.security", TOOL_S, "security"),
    _Item("pre.types", TOOL_S, "types"),
    _Item("pre.lint", TOOL_S, "lint"),
    _Item("pre.benchmarks", TOOL_S, "benchmarks"),
    _Item("pre.docs", PROBE_S, "docs"),
    _Item(ALWAYS, QUICK_S, "valid"),
    _Item("config.api-keys", TOOL_S, "api_keys"),
    _Item("config.rate-limit", QUICK_S, "rate_limit"),
    _Item("config.retry", QUICK_S, "retry"),
    _Item("config.metrics", PROBE_S, "metrics", retryable=True),
    _Item("config.alerts", PROBE_S, "alert_rules", retryable=True),
    _Item("config.logs", PROBE_S, "logs", retryable=True),
    _Item("monitoring.dashboard", PROBE_S, "dashboard", retryable=True),
    _Item("monitoring.alerts", PROBE_S, "alert_routing", retryable=True),
    _Item("monitoring.slo", PROBE_S, "slo", retryable=True),
    _Item("monitoring.runbooks", QUICK_S, "runbooks"),
    _Item("recovery.backups", PROBE_S, "backups"),
    _Item("recovery.cache", QUICK_S, "cache"),
    _Item("recovery.rollback", QUICK_S, "rollback"),
    _Item("recovery.drill", QUICK_S, "drill"),
)


def load_checks() -> Sequence[Check]:
    """Import the checks of the list."""
    return [_load(item) for item in _ITEMS]


def select(checks: Sequence[Check], wanted: Sequence[str], skipped: Sequence[str]) -> list[Check]:
    """Return the checks that a pattern of ``wanted`` matches, or all, without those of ``skipped``.

    Raises ``UsageError`` for a pattern without a match.
    """
    for option, patterns in (("--check", wanted), ("--skip", skipped)):
        for pattern in patterns:
            if not any(fnmatchcase(check.id, pattern) for check in checks):
                raise UsageError(f"{option} {pattern}: {_unknown(pattern, checks)}")
    return [
        check for check in checks if (not wanted or _matches(wanted, check)) and not _matches(skipped, check)
    ]


def find_check(option: str, check_id: str, checks: Sequence[Check]) -> Check:
    """Return the check of an id. Raises ``UsageError`` with the nearest id if there is none."""
    for check in checks:
        if check.id == check_id:
            return check
    raise UsageError(f"{option} {check_id}: {_unknown(check_id, checks)}")


def refuse_always(option: str, check_ids: Collection[str]) -> None:
    """Raise ``UsageError`` if the configuration's own check is to be excused."""
    if ALWAYS in check_ids:
        fix = "fix what `aurora check-config` shows"
        raise UsageError(f"{option} {ALWAYS}: an invalid configuration cannot be excused; {fix}")


def _load(item: _Item) -> Check:
    module = import_module(f"aurora_cli.preflight.checks.{item.module_name}")
    return Check(item.id, module.__doc__ or "", item.timeout_s, module.run, item.retryable)


def _matches(patterns: Sequence[str], check: Check) -> bool:
    return any(fnmatchcase(check.id, pattern) for pattern in patterns)


def _unknown(name: str, checks: Sequence[Check]) -> str:
    almost = closest_match(name, [check.id for check in checks])
    hint = f"did you mean {almost}?" if almost else "`aurora preflight --list` shows all checks"
    return f"no such check; {hint}"
