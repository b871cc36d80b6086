"""Help in named groups, with each setting's variable and default taken from the settings model."""

import re
from typing import Any, Final

from typer.core import TyperCommand

OTHER: Final = "Options"
_SETTING: Final = re.compile(r"\[([a-z_]+\.[a-z_0-9]+)\](?=$|  \[)")
"""At the end of an option's help: the setting that holds if the option is not given."""


class GroupedCommand(TyperCommand):
    """A command whose options are listed by their ``rich_help_panel``, in plain text."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write a section for each group, in the order in which the groups first appear."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                is_argument = parameter.param_type_name == "argument"
                name = "Arguments" if is_argument else getattr(parameter, "rich_help_panel", None) or OTHER
                groups.setdefault(name, []).append((record[0], _SETTING.sub(_describe_setting, record[1])))
        other = groups.pop(OTHER, [])
        for name, records in (*groups.items(), (OTHER, other)):
            with formatter.section(name):
                formatter.write_dl(records)


def setting_of(parameter: Any) -> str | None:
    """Return the setting that an option overrides, from the end of its help; None if it overrides none."""
    found = _SETTING.search(getattr(parameter, "help", None) or "")
    return found[1] if found else None


def _describe_setting(found: re.Match[str]) -> str:
    """Write ``[retry.max_retries, AURORA_MAX_RETRIES; 3]`` for ``[retry.max_retries]``."""
    from aurora_core.config.settings import SETTINGS  # noqa: PLC0415 - pydantic comes with it, for help only

    setting = next(each for each in SETTINGS if ".".join(each.path) == found[1])
    default = setting.default_text
    return f"[{', '.join((found[1], *setting.variables[:1]))}{f'; {default}' if default else ''}]"
