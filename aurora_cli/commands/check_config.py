"""``aurora check-config``: whether this configuration is right, before it meets production."""

import os

import typer

from aurora_cli.commands.options import check_config as of_check
from aurora_cli.commands.options.shared import OutputOption, SchemaOption
from aurora_cli.exit_codes import UsageError
from aurora_cli.options import parse_list

_ACTIONS = ("list_", "config_schema", "schema", "explain", "show_effective", "origin", "diff", "write", "fix")
"""Each replaces the check by something else."""


def check_config(
    ctx: typer.Context,
    file: of_check.FileArgument = None,
    config: of_check.SameAsFileOption = None,
    env_file: of_check.EnvFileOption = None,
    flags: of_check.SetOption = None,
    fail_on: of_check.FailOnOption = "error",
    strict: of_check.StrictOption = False,
    select: of_check.SelectOption = None,
    ignore: of_check.IgnoreOption = None,
    online: of_check.OnlineOption = False,
    fix: of_check.FixOption = False,
    show_effective: of_check.ShowEffectiveOption = False,
    origin: of_check.OriginOption = None,
    diff: of_check.DiffOption = None,
    write: of_check.WriteOption = None,
    list_: of_check.ListRulesOption = False,
    explain: of_check.ExplainRuleOption = None,
    config_schema: of_check.ConfigSchemaOption = False,
    output_format: of_check.FindingFormatOption = "text",
    output: OutputOption = None,
    schema: SchemaOption = False,
) -> int:
    """Validate the configuration before it is deployed.

    Validates the file, the environment and the merged result, offline and without side effects. Reports every
    error in one run, with its location and a fix, also if a stronger layer overrides the value.

    Exit codes: 0 valid, 1 findings at or above --fail-on, 2 usage error, 3 a probe of --online got no answer.
    """
    from aurora_cli.check_config import run  # noqa: PLC0415 - pydantic comes with it
    from aurora_cli.check_config.load import Sources  # noqa: PLC0415 - the same

    if file is not None and config is not None and file != config:
        raise UsageError(f"FILE {file} and --config {config} are mutually exclusive")
    request = run.CheckRequest(
        sources=Sources(file or config, env_file, flags or [], os.environ),
        fail_on="warning" if strict and fail_on == "error" else fail_on,
        select=parse_list(",".join(select or [])),
        ignore=parse_list(",".join(ignore or [])),
        online=online,
        form=output_format,
        output=output,
    )
    given = {name.strip("_").replace("_", "-"): ctx.params[name] for name in _ACTIONS if ctx.params[name]}
    if len(given) > 1:
        raise UsageError(f"{' and '.join(f'--{name}' for name in given)} are mutually exclusive")
    if not given:
        return run.check(request)
    from aurora_cli.check_config.actions import act  # noqa: PLC0415 - a plain check needs none of them

    return act(request, *given.popitem())
