"""The reference of the command line, from the signatures that Typer reads."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import typer
from typer.models import ArgumentInfo, OptionInfo

from aurora_cli.app import app
from docs.generate import markdown
from docs.generate.markdown import code, docstring, prose, table

_SUMMARY = """\
The commands and their options, as `--help` prints them. Every command also takes `-h` and `--help`. The
exit codes are the same for all of them: see [the command line](../explanation/semantics.md#exit-codes)."""
_NAMES = {str: "text", int: "integer", float: "number", Path: "path", bool: ""}


class _Parameter(NamedTuple):
    group: str
    names: str
    type: str
    default: str
    help: str


def page() -> str:
    """Return the page: a section for each command, with a table for each group of options."""
    return markdown.page(
        "Command line", _SUMMARY, *(_section(name, callback) for name, callback in commands())
    )


def commands() -> Iterable[tuple[str, Callable[..., Any]]]:
    """Return each command, as ``aurora alerts test``, and the function that Typer calls."""
    return sorted(_commands(app, "aurora"))


def _commands(group: typer.Typer, prefix: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for command in group.registered_commands:
        if command.callback is not None and not command.hidden:
            name = command.name or command.callback.__name__.replace("_", "-")
            yield f"{prefix} {name}", command.callback
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            yield from _commands(inner.typer_instance, f"{prefix} {inner.name}")


def _section(name: str, callback: Callable[..., Any]) -> str:
    parts = [f"## `{name}`", docstring(inspect.getdoc(callback) or "", "text")]
    parameters = list(_parameters(callback))
    for group in dict.fromkeys(parameter.group for parameter in parameters):
        rows = [
            (item.names, item.type, item.default, item.help) for item in parameters if item.group == group
        ]
        parts.append(f"**{group}**\n\n" + table(("Name", "Value", "Default", "Meaning"), rows))
    return "\n\n".join(parts)


def _parameters(callback: Callable[..., Any]) -> Iterator[_Parameter]:
    hints = get_type_hints(callback, include_extras=True)
    for name, parameter in inspect.signature(callback).parameters.items():
        if hints[name] is typer.Context:
            continue
        annotation, *metadata = get_args(hints[name])
        info = next(item for item in metadata if isinstance(item, ArgumentInfo | OptionInfo))
        if info.hidden:
            continue
        if isinstance(info, OptionInfo):
            group, names = (
                info.rich_help_panel or "Options",
                _declared(info) or (f"--{name.replace('_', '-')}",),
            )
        else:
            group, names = info.rich_help_panel or "Arguments", (info.metavar or name.upper(),)
        value = (
            code(info.metavar or "") if isinstance(info, OptionInfo) and info.metavar else _type(annotation)
        )
        help_text = prose(inspect.cleandoc(info.help or ""))
        yield _Parameter(group, ", ".join(map(code, names)), value, _default(parameter.default), help_text)


def _declared(info: OptionInfo) -> tuple[str, ...]:
    """Return the option's names; inside of ``Annotated`` Typer takes the first one for the default."""
    first = (info.default,) if isinstance(info.default, str) else ()
    return (*first, *(info.param_decls or ()))


def _type(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(code(str(choice)) for choice in get_args(annotation))
    if annotation in _NAMES:
        return _NAMES[annotation]
    if get_origin(annotation) is list:
        return f"{_type(get_args(annotation)[0])}, repeatable"
    return next((_type(part) for part in get_args(annotation) if part is not NoneType), "")


def _default(value: Any) -> str:
    if value is inspect.Parameter.empty:
        return "required"
    return "" if value is None or value is False or value == [] else code(str(value))
