"""Texts that code puts together, as far as they can be told without running it."""

import ast
from typing import Final

_UNICODE_END: Final = 0x110000
_BARE: Final = ("lower", "upper", "strip", "casefold", "swapcase")
_BACKWARDS: Final = ast.dump(ast.parse("x[::-1]", mode="eval").body.slice)  # type: ignore[attr-defined]
_MAX_LENGTH: Final = 1000
"""No name is as long; replacing in what was replaced could make a text that fills the memory."""
_REPLACING: Final = 2
"""Arguments of ``replace``: what, and by what."""


def text_of(node: ast.expr) -> str | None:
    """The text that an expression comes to, where it can be told without running it."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = text_of(node.left), text_of(node.right)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.JoinedStr):
        parts = [
            text_of(part.value if isinstance(part, ast.FormattedValue) else part) for part in node.values
        ]
        return None if None in parts else "".join(filter(None, parts))
    if isinstance(node, ast.Subscript) and ast.dump(node.slice) == _BACKWARDS:
        text = text_of(node.value)
        return None if text is None else text[::-1]
    return _called(node) if isinstance(node, ast.Call) else None


def _called(node: ast.Call) -> str | None:
    """``chr(115)``, ``"".join([...])``, ``"SYSTEM".lower()`` and the like."""
    if isinstance(node.func, ast.Name) and node.func.id == "chr" and len(node.args) == 1:
        number = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        return chr(number) if isinstance(number, int) and 0 <= number < _UNICODE_END else None
    text = text_of(node.func.value) if isinstance(node.func, ast.Attribute) else None
    return (
        None
        if text is None or not isinstance(node.func, ast.Attribute)
        else _method(text, node.func.attr, node)
    )


def _method(text: str, name: str, node: ast.Call) -> str | None:
    if name in _BARE and not node.args:
        return str(getattr(text, name)())
    if name == "join" and len(node.args) == 1 and isinstance(node.args[0], ast.List | ast.Tuple):
        parts = [text_of(part) for part in node.args[0].elts]
        return None if None in parts else text.join(filter(None, parts))
    texts = [text_of(argument) for argument in node.args]
    if name == "replace" and len(texts) == _REPLACING and None not in texts and len(text) <= _MAX_LENGTH:
        return text.replace(str(texts[0]), str(texts[1]))
    return None
