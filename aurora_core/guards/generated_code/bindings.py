"""What names stand for in a piece of code: its own things, modules, or what Python has built in."""

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Final

from aurora_core.guards.generated_code.ast_predicates import is_name
from aurora_core.guards.generated_code.constant_folding import text_of
from aurora_core.guards.generated_code.denylist import KNOWN_MODULES

_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, *_COMPREHENSIONS)
_MAX_PATHS: Final = 100
"""Paths of a name: ``x = x.x``, again and again, makes no end of them."""
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def bound_in(node: ast.AST) -> Iterator[str]:
    """Bindings that the node itself binds, without what it has within."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name is not None:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest is not None:
        yield node.rest


def within(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope: those of a scope within are left out, but for its name."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, _SCOPES):
            yield from within(node)


def locals_of(function: Function) -> set[str]:
    """Names local to the function everywhere in it: none is a built-in, even before it is bound."""
    names = {name for node in within(function) for name in bound_in(node)}
    return names - {name for node in within(function) if isinstance(node, ast.Global) for name in node.names}


class Bindings:
    """What each name may stand for, wherever it stands and whenever it runs: dotted paths from a module."""

    def __init__(self, tree: ast.Module) -> None:
        self._bound = Counter(name for node in ast.walk(tree) for name in bound_in(node))
        self._lines = _defined(tree)
        self._top = set(tree.body)
        self._paths = {name: {name} for name in KNOWN_MODULES if name not in self._bound}
        for node in ast.walk(tree):
            self._import(node)
        for _ in range(3):  # an alias of an alias of an alias
            for node in ast.walk(tree):
                self._alias(node)

    def paths_of(self, node: ast.expr) -> set[str]:
        """The paths that an expression may stand for; none where it is no name of a module."""
        if isinstance(node, ast.Name):
            return self._paths.get(node.id, set())
        if isinstance(node, ast.Attribute):
            return {f"{base}.{node.attr}" for base in self.paths_of(node.value)}
        if isinstance(node, ast.Subscript):
            if self.is_this_module(node):
                return {"__main__"}
            key = text_of(node.slice)
            bases = self.paths_of(node.value) if key is not None else set()
            modules = {str(key) for base in bases if base.endswith("sys.modules")}
            dicts = {base.removesuffix(".__dict__") for base in bases if base.endswith(".__dict__")}
            return modules | {f"{base}.{key}" for base in dicts}
        return set()

    def is_this_module(self, node: ast.Subscript) -> bool:
        """``sys.modules[__name__]``."""
        named = is_name(node.slice, "__name__") and "__name__" not in self._bound
        return named and "sys.modules" in self.paths_of(node.value)

    def is_defined_before(self, node: ast.Name) -> bool:
        """Whether the module has bound the name itself by then, whatever happens."""
        return self._lines.get(node.id, node.lineno) < node.lineno

    def is_plainly_defined(self, node: ast.FunctionDef) -> bool:
        """Whether it is a function of the module that nobody calls before it has its name."""
        return node in self._top and node.name in self._lines and not node.decorator_list

    def is_own_class(self, name: str) -> bool:
        """Whether the name is a class of the module, and never anything else."""
        classes = (node.name for node in self._top if isinstance(node, ast.ClassDef))
        return self._bound[name] == 1 and name in classes

    def _import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                self._add(alias.asname or top, {alias.name if alias.asname else top})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                self._add(alias.asname or alias.name, {f"{node.module}.{alias.name}"})

    def _alias(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    self._add(target.id, self.paths_of(node.value))

    def _add(self, name: str, paths: set[str]) -> None:
        if len(known := self._paths.setdefault(name, set())) < _MAX_PATHS:
            known |= paths


def _defined(tree: ast.Module) -> dict[str, int]:
    """Names that the module always binds and never deletes, with the line from which each is bound."""
    lines: dict[str, int] = {}
    for statement in tree.body:
        binding: list[ast.AST] = [statement]
        if isinstance(statement, ast.Assign | ast.Import | ast.ImportFrom):
            binding += within(statement)
        for name in (name for node in binding for name in bound_in(node)):
            lines.setdefault(name, statement.end_lineno or statement.lineno)
    taken = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)
    }
    return {name: line for name, line in lines.items() if name not in taken}
