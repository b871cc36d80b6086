"""Which checks a run looks at."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from aurora_cli.exits import Usage
from aurora_cli.preflight.check import Check
from aurora_core.config.suggest import closest_match


def chosen(checks: Sequence[Check], wanted: Sequence[str], skipped: Sequence[str]) -> list[Check]:
    """Those that a pattern of ``wanted`` names, or all, but for ``skipped``; ``Usage`` for an idle one."""
    for option, patterns in (("--check", wanted), ("--skip", skipped)):
        for pattern in patterns:
            if not any(fnmatchcase(check.id, pattern) for check in checks):
                raise Usage(f"{option} {pattern}: {_unknown(pattern, checks)}")
    return [check for check in checks if (not wanted or _names(wanted, check)) and not _names(skipped, check)]


def check_named(option: str, name: str, checks: Sequence[Check]) -> Check:
    """The check of an id; ``Usage`` with the nearest where there is none."""
    for check in checks:
        if check.id == name:
            return check
    raise Usage(f"{option} {name}: {_unknown(name, checks)}")


def _names(patterns: Sequence[str], check: Check) -> bool:
    return any(fnmatchcase(check.id, pattern) for pattern in patterns)


def _unknown(name: str, checks: Sequence[Check]) -> str:
    almost = closest_match(name, [check.id for check in checks])
    hint = f"did you mean {almost}?" if almost else "`aurora preflight --list` has them all"
    return f"there is no such check; {hint}"
