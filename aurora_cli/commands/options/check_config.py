"""Options of ``aurora check-config``."""

from pathlib import Path
from typing import Annotated, Final

import typer

from aurora_cli.commands.options.shared import OUTPUT, SOURCES, option
from aurora_cli.options import FailOn, FindingFormat

RULES: Final = "Rules"
ACTIONS: Final = "Instead of checking"

FileArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]",
        help="Configuration file; default: AURORA_CONFIG, ./aurora.toml, the user's folder, /etc/aurora.",
        show_default=False,
    ),
]
SameAsFileOption = Annotated[Path | None, option(SOURCES, "--config", help="Same as FILE.")]
EnvFileOption = Annotated[
    Path | None,
    option(SOURCES, "--env-file", help="File of NAME=value lines; the environment overrides it."),
]
SetOption = Annotated[
    list[str] | None,
    option(SOURCES, "--set", metavar="KEY=VALUE", help="Override a setting, e.g. rate_limit.rpm=30."),
]
OnlineOption = Annotated[
    bool, option(RULES, "--online", help="Also probe host names, addresses and stores, 3 s each at most.")
]
FailOnOption = Annotated[FailOn, option(RULES, "--fail-on", help="Exit 1 at this severity or higher.")]
StrictOption = Annotated[bool, option(RULES, "--strict", help="Same as --fail-on warning.")]
SelectOption = Annotated[
    list[str] | None,
    option(RULES, "--select", metavar="CODE,..", help="Only run rules with this code prefix."),
]
IgnoreOption = Annotated[
    list[str] | None, option(RULES, "--ignore", metavar="CODE,..", help="Skip rules with this code prefix.")
]
FixOption = Annotated[
    bool, option(ACTIONS, "--fix", help="Rename misspelled keys if that is safe; the diff is shown first.")
]
ShowEffectiveOption = Annotated[
    bool, option(ACTIONS, "--show-effective", help="Show each value and its origin.")
]
OriginOption = Annotated[
    str | None, option(ACTIONS, "--origin", metavar="KEY", help="Show the value of a key in each layer.")
]
DiffOption = Annotated[
    Path | None, option(ACTIONS, "--diff", metavar="OTHER", help="Show the differences from another file.")
]
WriteOption = Annotated[
    Path | None,
    option(ACTIONS, "--write", metavar="FILE", help="Write the effective settings as TOML, without secrets."),
]
ListRulesOption = Annotated[bool, option(ACTIONS, "--list", help="List all rules.")]
ExplainRuleOption = Annotated[
    list[str] | None,
    option(ACTIONS, "--explain", metavar="CODE", help="Explain a rule: the reason, an example, the fix."),
]
ConfigSchemaOption = Annotated[
    bool, option(ACTIONS, "--config-schema", help="Print the JSON Schema of the configuration file.")
]
FindingFormatOption = Annotated[FindingFormat, option(OUTPUT, "--format", help="Output format.")]
