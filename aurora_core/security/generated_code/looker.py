"""Walks a syntax tree with what each name stands for."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from aurora_core.security.generated_code.patterns import (
    ATTRIBUTES,
    BUILTINS,
    BY_NAME,
    FUNCTIONS,
    HOLDERS,
    LOOKUPS,
    MODULES,
    WITHIN,
)
from aurora_core.security.generated_code.texts import text_of


class Danger(NamedTuple):
    """What was found, and where: lines and columns from 1."""

    what: str
    line: int
    column: int


class Looker(ast.NodeVisitor):
    """Walks the tree with what each name stands for: a dotted path from a module."""

    def __init__(self, tree: ast.AST) -> None:
        self.found: list[Danger] = []
        self._paths: dict[str, str] = {}
        self._own = set(_bound(tree))
        for _ in range(3):  # an alias of an alias of an alias
            for node in ast.walk(tree):
                self._learn(node)

    def _learn(self, node: ast.AST) -> None:
        """Note what imports and plain assignments make of a name."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                self._paths[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                self._paths[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            path = self._path(node.value)
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if path is not None and isinstance(target, ast.Name):
                    self._paths[target.id] = path

    def visit_Import(self, node: ast.Import) -> None:
        """An import is one of the module itself."""
        for alias in node.names:
            self._module(alias.name, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """``from os import system``."""
        module = node.module or ""
        self._module(module, node)
        for alias in node.names:
            if self._is_dangerous(f"{module}.{alias.name}") or (alias.name == "*" and module in HOLDERS):
                self._add(f"{module}.{alias.name}", node)
            self._module(f"{module}.{alias.name}", node)

    def visit_Name(self, node: ast.Name) -> None:
        """A name that stands for a built-in, or for what is dangerous."""
        path = self._paths.get(node.id)
        if path is None and node.id in BUILTINS and node.id not in self._own:
            self._add(node.id, node)
        elif path is not None and self._is_dangerous(path) and isinstance(node.ctx, ast.Load):
            self._add(path, node)
        elif path in HOLDERS and isinstance(node.ctx, ast.Load):
            self._add(f"{path} handed on", node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """A dotted path, or a step on the way up to the built-ins."""
        path = self._path(node)
        if node.attr in ATTRIBUTES:
            self._add(node.attr, node)
        elif path is not None and self._is_dangerous(path):
            self._add(path, node)
        elif path is None or not isinstance(node.value, ast.Name):
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        """``getattr`` and its kin name an attribute in a text."""
        name = node.func.id if isinstance(node.func, ast.Name) and node.func.id not in self._own else ""
        if name in BY_NAME and len(node.args) > 1:
            self._by_name(node, node.args[0], text_of(node.args[1]))
            for other in node.args[2:]:
                self.visit(other)
            return
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """``globals()[..]``: a built-in by its name."""
        key = text_of(node.slice)
        call = node.value
        looks_up = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in LOOKUPS
        if key is not None and (key in BUILTINS or key in ATTRIBUTES):
            self._add(key, node)
        elif looks_up and key is None:
            self._add("a name that is made up while it runs", node)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """An alias of a module is no value that is handed on; it is followed by its new name."""
        alias = all(isinstance(target, ast.Name) for target in node.targets)
        if not (alias and isinstance(node.value, ast.Name) and self._paths.get(node.value.id) in HOLDERS):
            self.generic_visit(node)

    def _by_name(self, node: ast.Call, of: ast.expr, name: str | None) -> None:
        """``getattr(os, "system")``, where the name may be put together."""
        path = self._path(of)
        if path is not None and name is not None:
            if self._is_dangerous(f"{path}.{name}") or name in ATTRIBUTES:
                self._add(f"{path}.{name}", node)
        elif path in HOLDERS or (path is not None and self._is_dangerous(path)):
            self._add(f"an attribute of {path} that is made up while it runs", node)
        else:
            if name in ATTRIBUTES or name in BUILTINS:
                self._add(str(name), node)
            self.visit(of)

    def _path(self, node: ast.expr) -> str | None:
        """The dotted path that an expression stands for; None where it is no name of a module."""
        if isinstance(node, ast.Name):
            return self._paths.get(node.id)
        if isinstance(node, ast.Attribute):
            base = self._path(node.value)
            return None if base is None else f"{base}.{node.attr}"
        if isinstance(node, ast.Subscript):
            base, key = self._path(node.value), text_of(node.slice)
            if base is not None and key is not None and base.endswith((".__dict__", "sys.modules")):
                return key if base.endswith("modules") else f"{base.removesuffix('.__dict__')}.{key}"
        return None

    def _is_dangerous(self, path: str) -> bool:
        """Also by way of another module that imported it: ``shutil.os.system``."""
        parts = path.split(".")
        parts[0] = "os" if parts[0] in ("posix", "nt") else parts[0]  # what os is made of
        ends = (".".join(parts[start:]) for start in range(len(parts)))
        return parts[0] in MODULES or any(end in FUNCTIONS for end in ends) or bool(WITHIN & set(parts[1:-1]))

    def _module(self, name: str, node: ast.AST) -> None:
        if name.partition(".")[0] in MODULES:
            self._add(name, node)

    def _add(self, what: str, node: ast.AST) -> None:
        self.found.append(Danger(what, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1))


def _bound(tree: ast.AST) -> Iterator[str]:
    """Names of built-ins that the code defines itself, and never takes away again."""
    taken = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Delete)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name not in taken:
            yield node.name
