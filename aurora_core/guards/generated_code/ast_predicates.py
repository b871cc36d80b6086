"""What an expression looks like, whatever it stands for."""

import ast
from collections.abc import Iterator

from aurora_core.guards.generated_code.constant_folding import text_of
from aurora_core.guards.generated_code.denylist import ATTRIBUTES, LOOKUPS


def outside(arguments: ast.arguments) -> list[ast.expr]:
    """Defaults and annotations, which are looked up where the function is made."""
    every = (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    )
    annotations = [argument.annotation for argument in every if argument is not None]
    return [each for each in (*arguments.defaults, *arguments.kw_defaults, *annotations) if each is not None]


def is_namespace_lookup(node: ast.expr) -> bool:
    """``globals()``; ``vars(x)`` is what ``x`` has."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in LOOKUPS
        and not node.args
    )


def is_dotted(node: ast.expr) -> bool:
    """``a.b.c``, or a name alone."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and is_dotted(node.value))


def is_name(node: ast.expr, name: str) -> bool:
    """This name."""
    return isinstance(node, ast.Name) and node.id == name


def arguments_of(node: ast.Call) -> list[ast.expr]:
    """All that the call is given."""
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def given_danger(path: str, node: ast.Call) -> Iterator[str]:
    """What makes a call of this function dangerous: a name to climb by, a way to unpickle."""
    if path in ("operator.attrgetter", "operator.methodcaller"):
        texts = filter(None, map(text_of, arguments_of(node)))
        yield from ATTRIBUTES.intersection(step for text in texts for step in text.split("."))
    elif path == "yaml.load" and not any(map(_is_safe_loader, arguments_of(node)[1:])):
        yield "yaml.load without a safe loader"
    elif path == "numpy.load" and not _has(node, "allow_pickle", None, False):
        yield "numpy.load of pickles"
    elif path == "torch.load" and not _has(node, "weights_only", None, True):
        yield "torch.load of pickles"


def _is_safe_loader(node: ast.expr) -> bool:
    return is_dotted(node) and ast.unparse(node).endswith("SafeLoader")


def _has(node: ast.Call, name: str, *values: object) -> bool:
    """Whether the call gives one of the values for the name; None: or no value at all."""
    given = next((keyword.value for keyword in node.keywords if keyword.arg == name), None)
    return (given.value if isinstance(given, ast.Constant) else given) in values
