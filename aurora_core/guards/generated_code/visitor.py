"""Walks a syntax tree with what each name may stand for."""

import ast
from collections.abc import Iterable
from typing import NamedTuple

from aurora_core.guards.generated_code.ast_predicates import (
    arguments_of,
    given_danger,
    is_dotted,
    is_name,
    is_namespace_lookup,
    outside,
)
from aurora_core.guards.generated_code.bindings import Bindings, Function, bound_in, locals_of, within
from aurora_core.guards.generated_code.constant_folding import text_of
from aurora_core.guards.generated_code.denylist import (
    ATTRIBUTES,
    BUILTINS,
    BY_NAME,
    HOLDERS,
    PICKING,
    RUNS_TEXT,
    is_dangerous,
    is_holder,
    is_module,
)


class Danger(NamedTuple):
    """What was found, and where: lines and columns from 1."""

    what: str
    line: int
    column: int


class DangerVisitor(ast.NodeVisitor):
    """Walks the tree with what each name may stand for: dotted paths from a module."""

    def __init__(self, tree: ast.Module) -> None:
        self.found: list[Danger] = []
        self._names = Bindings(tree)
        self._hidden: frozenset[str] = frozenset()
        """Bindings that are a function's own, here."""
        self._in_class = False

    def visit_Import(self, node: ast.Import) -> None:
        """An import is one of the module itself."""
        for alias in node.names:
            self._module(alias.name, node)
            if self._in_class and alias.name in HOLDERS:
                self._add(f"{alias.name} handed on", node)  # to whoever has the class

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """``from os import system``; what the code's own package is made of nobody can tell."""
        if node.level:
            return
        module = node.module or ""
        for alias in node.names:
            path = f"{module}.{alias.name}"
            if is_dangerous(path) or (alias.name == "*" and module in HOLDERS):
                self._add(path, node)
            else:
                self._module(path, node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Its names hide others within it, not in its defaults, decorators and annotations."""
        self._function(
            node, [*node.decorator_list, *outside(node.args), *filter(None, [node.returns])], node.body
        )

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """The same."""
        self._function(
            node, [*node.decorator_list, *outside(node.args), *filter(None, [node.returns])], node.body
        )

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """The same."""
        self._function(node, outside(node.args), [node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """A name that it binds is a built-in before: a class looks it up as it goes."""
        for each in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(each)
        before = self._hidden, self._in_class
        self._hidden -= {name for inner in within(node) for name in bound_in(inner)}
        self._in_class = True
        for statement in node.body:
            self.visit(statement)
        self._hidden, self._in_class = before

    def visit_Name(self, node: ast.Name) -> None:
        """A name that stands for a built-in, or may stand for what is dangerous."""
        if not isinstance(node.ctx, ast.Load):
            return
        if (node.id in BUILTINS or node.id == "getattr") and not self._is_own(node):
            self._add(node.id, node)
        for path in self._names.paths_of(node):
            if is_dangerous(path):
                self._add(path, node)
            elif is_holder(path):
                self._add(f"{path} handed on", node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """A dotted path, or a step on the way up to the built-ins."""
        paths = self._names.paths_of(node)
        dangerous = sorted(filter(is_dangerous, paths))
        if node.attr in ATTRIBUTES and not self._is_harmless_step(node):
            self._add(node.attr, node)
        elif dangerous:
            self._add(dangerous[0], node)
        elif any(is_holder(path) for path in paths):
            self._add(f"{node.attr} handed on", node)
        elif node.attr.startswith("co_") and isinstance(node.value, ast.Attribute):
            self.visit(node.value.value if node.value.attr == "__code__" else node.value)
        elif not paths or not is_dotted(node.value):
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        """``getattr`` and its kin name an attribute in a text; others take one that they run."""
        own = isinstance(node.func, ast.Name) and self._is_own(node.func)
        name = node.func.id if isinstance(node.func, ast.Name) and not own else ""
        if name in BY_NAME and len(node.args) > 1:
            self._by_name(node, name, node.args[0], text_of(node.args[1]))
            for other in node.args[2:]:
                self.visit(other)
            return
        if isinstance(node.func, ast.Attribute) and node.args and node.func.attr in PICKING:
            self._picked(node, node.func.value, text_of(node.args[0]), storing=False)
        self._arguments(node)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """``"x" in sys.modules`` takes nothing out of it."""
        self.visit(node.left)
        for how, other in zip(node.ops, node.comparators, strict=True):
            if not (isinstance(how, ast.In | ast.NotIn) and "sys.modules" in self._names.paths_of(other)):
                self.visit(other)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """``globals()[..]``: a built-in by its name."""
        if self._names.is_this_module(node):
            return
        self._picked(node, node.value, text_of(node.slice), storing=isinstance(node.ctx, ast.Store))
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """An alias of a module is no value that is handed on; it is followed by its new name."""
        alias = not self._in_class and all(isinstance(target, ast.Name) for target in node.targets)
        paths = self._names.paths_of(node.value)
        if not (alias and is_dotted(node.value) and paths and all(map(is_holder, paths))):
            self.generic_visit(node)

    def _function(self, node: Function, around: Iterable[ast.AST], body: Iterable[ast.AST]) -> None:
        for each in around:
            self.visit(each)
        before = self._hidden, self._in_class
        declared = {name for inner in within(node) if isinstance(inner, ast.Global) for name in inner.names}
        self._hidden, self._in_class = self._hidden - declared | locals_of(node), False
        if isinstance(node, ast.FunctionDef) and self._names.is_plainly_defined(node):
            self._hidden |= {node.name}  # it is called once it has its name
        for each in body:
            self.visit(each)
        self._hidden, self._in_class = before

    def _by_name(self, node: ast.Call, asks: str, of: ast.expr, name: str | None) -> None:
        """``getattr(os, "system")``, where the name may be put together; ``hasattr`` gives nothing away."""
        paths = self._names.paths_of(of)
        known = [path for path in paths if is_holder(path) or is_dangerous(path)]
        reached = [f"{path}.{name}" for path in paths if is_dangerous(f"{path}.{name}")]
        if asks != "hasattr" and name in ATTRIBUTES | BUILTINS:
            self._add(str(name), node)
        elif asks != "hasattr" and name is not None and reached:
            self._add(reached[0], node)
        elif asks != "hasattr" and name is None and known:
            self._add(f"an attribute of {known[0]} that is made up while it runs", node)
        elif not known:
            self.visit(of)

    def _arguments(self, node: ast.Call) -> None:
        """What makes a function dangerous that is none by itself."""
        for path in self._names.paths_of(node.func):
            for what in given_danger(path, node):
                self._add(what, node)
            if path in RUNS_TEXT:
                for text in filter(None, map(text_of, arguments_of(node))):
                    self._run(path, text, node)

    def _run(self, path: str, text: str, node: ast.Call) -> None:
        try:
            inner = DangerVisitor(tree := ast.parse(text))
            inner.visit(tree)
        except SyntaxError:
            return  # it would not run either
        for danger in inner.found:
            self._add(f"{danger.what} in a text for {path}", node)

    def _picked(self, node: ast.expr, of: ast.expr, key: str | None, *, storing: bool) -> None:
        """Something is looked up by a name, among all that there are or in what may be that."""
        among_all = is_namespace_lookup(of)
        if key in ATTRIBUTES or (key in BUILTINS and (among_all or str(key).startswith("__"))):
            self._add(str(key), node)
        elif among_all and key is None and not storing:
            self._add("a name that is made up while it runs", node)
        elif among_all and any(
            is_holder(path) or is_dangerous(path) for path in self._names.paths_of(ast.Name(str(key)))
        ):
            self._add(f"{key} handed on", node)

    def _is_own(self, node: ast.Name) -> bool:
        """Whether the name is one of the code's own here, whatever happens before."""
        return node.id in self._hidden or self._names.is_defined_before(node)

    def _is_harmless_step(self, node: ast.Attribute) -> bool:
        """Of one's own classes, of a class that has a name: what the way up does not begin with."""
        of = node.value
        if node.attr == "__subclasses__":
            return isinstance(of, ast.Name) and self._names.is_own_class(of.id)
        if node.attr == "__getattribute__":
            return isinstance(of, ast.Call) and is_name(of.func, "super")
        named = isinstance(of, ast.Name) or (isinstance(of, ast.Call) and is_name(of.func, "type"))
        return named and node.attr in ("__mro__", "__bases__")

    def _module(self, name: str, node: ast.AST) -> None:
        if is_module(name):
            self._add(name, node)

    def _add(self, what: str, node: ast.AST) -> None:
        self.found.append(Danger(what, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1))
