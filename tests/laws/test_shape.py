"""What keeps a law compilable, and equal in both worlds: read from the syntax trees."""

import ast
from pathlib import Path

import pytest

import aurora_core.laws
from aurora_core.resilience import policies

FILES = sorted(Path(aurora_core.laws.__file__).parent.glob("*.py"))
ALLOWED = {"math", "typing", "collections.abc", "aurora_core.laws"}
IMPURE = (ast.Raise, ast.Try, ast.With, ast.Global, ast.Nonlocal, ast.Await, ast.Yield, ast.Lambda)


def trees():
    return [pytest.param(ast.parse(path.read_text(encoding="utf-8")), id=path.name) for path in FILES]


@pytest.mark.parametrize("tree", trees())
def test_a_law_raises_nothing_to_a_power_with_the_operator(tree):
    assert not [
        node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
    ]


@pytest.mark.parametrize("tree", trees())
def test_a_law_imports_math_typing_and_other_laws_only(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.module in ALLOWED or node.module.startswith("aurora_core.laws."), node.module
        elif isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= ALLOWED


@pytest.mark.parametrize("tree", trees())
def test_a_law_raises_catches_and_yields_nothing(tree):
    assert not [node for node in ast.walk(tree) if isinstance(node, IMPURE)]


@pytest.mark.parametrize("tree", trees())
def test_a_law_calls_no_builtin_that_reads_writes_or_looks_around(tree):
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"print", "open", "input", "exec", "eval", "globals", "vars", "setattr", "__import__"}


@pytest.mark.parametrize("tree", trees())
def test_a_laws_only_classes_are_named_tuples_without_methods(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            assert [ast.unparse(base) for base in node.bases] == ["NamedTuple"]
            assert not [item for item in node.body if isinstance(item, ast.FunctionDef)]


@pytest.mark.parametrize(
    "policy",
    [
        policies.limit_policy(60),
        policies.limit_policy(60, 5, 3),
        policies.limit_policy(60.0, 5.0, 3.0),
        policies.unlimited(),
        policies.retry_policy(3, 100, 5000, 2),
        policies.retry_policy(3, 100, 50, 2, max_retry_after_s=5).backoff,
        policies.retry_policy(3, 0, 0, 1).backoff,
        policies.breaker_policy(5, 60),
        policies.breaker_policy(5, 60, 1, 10, 60),
        policies.no_breaker(),
        policies.budget_policy(1, 10),
    ],
)
def test_a_policy_has_exactly_the_types_of_its_fields_whatever_the_user_gave(policy):
    for name, annotated in type(policy).__annotations__.items():
        if annotated in (int, float):
            assert type(getattr(policy, name)) is annotated, name
