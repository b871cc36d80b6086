"""Which rules a run looks at."""

from collections.abc import Sequence

from aurora_cli.exits import Usage
from aurora_cli.findings import Rule
from aurora_core.config.nearest import nearest


def chosen(rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    """The rules whose codes begin as selected, and not as ignored. ``Usage`` for one that none has."""
    for option, prefixes in (("--select", select), ("--ignore", ignore)):
        for prefix in prefixes:
            if not any(rule.code.startswith(prefix) for rule in rules):
                raise Usage(f"{option} {prefix}: {_unknown(prefix, rules)}")
    return [
        rule
        for rule in rules
        if (not select or rule.code.startswith(tuple(select)))
        and not rule.code.startswith(tuple(ignore) or ("?",))
    ]


def rule_named(rules: Sequence[Rule], name: str) -> Rule:
    """The rule of a code or a name; ``Usage`` with the nearest where there is none."""
    for rule in rules:
        if name.upper() == rule.code or name == rule.name:
            return rule
    raise Usage(_unknown(name, rules))


def _unknown(name: str, rules: Sequence[Rule]) -> str:
    known = [word for rule in rules for word in (rule.code, rule.name)]
    almost = nearest(name.upper(), known) or nearest(name, known)
    hint = f"did you mean {almost}?" if almost else "`aurora check-config --list` has them all"
    return f"no rule is called {name}; {hint}"
