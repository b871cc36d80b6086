"""``aurora preflight``: whether the service is ready to deploy, item by item, with evidence."""

import typer

from aurora_cli.commands.options import preflight as of_preflight
from aurora_cli.commands.options.shared import ConfigOption, OutputOption, SchemaOption
from aurora_cli.exit_codes import UsageError
from aurora_cli.options import parse_seconds

_ONLY_WITH_A_SIGNOFF = ("evidence", "by", "valid_for", "reason", "until")


def preflight(
    ctx: typer.Context,
    config: ConfigOption = None,
    check: of_preflight.CheckOption = None,
    skip: of_preflight.SkipOption = None,
    list_: of_preflight.ListChecksOption = False,
    explain: of_preflight.ExplainCheckOption = None,
    jobs: of_preflight.JobsOption = 8,
    check_timeout: of_preflight.CheckTimeoutOption = None,
    wait: of_preflight.WaitOption = None,
    offline: of_preflight.OfflineOption = False,
    send_test: of_preflight.SendTestOption = False,
    attest: of_preflight.AttestOption = None,
    evidence: of_preflight.EvidenceOption = None,
    by: of_preflight.ByOption = None,
    valid_for: of_preflight.ValidForOption = None,
    waive: of_preflight.WaiveOption = None,
    reason: of_preflight.ReasonOption = None,
    until: of_preflight.UntilOption = None,
    baseline: of_preflight.BaselineOption = None,
    evidence_dir: of_preflight.EvidenceDirOption = None,
    verbose: of_preflight.VerboseOption = False,
    output_format: of_preflight.ChecklistFormatOption = "text",
    output: OutputOption = None,
    schema: SchemaOption = False,
) -> int:
    """Run the deployment checklist, with evidence.

    Items that no tool can verify are attested by a named person (--attest), with evidence and an expiry date;
    a known problem can be waived (--waive), with a reason and a date. The section [preflight] configures the
    checks.

    Exit codes: 0 ready, 1 not ready (fail, stale), 2 usage error, 3 inconclusive (unknown, manual, nothing
    run).
    """
    from aurora_cli.preflight import actions, run  # noqa: PLC0415 - pydantic comes with it

    if schema:
        return actions.print_schema(output)
    if attest is not None and waive is not None:
        raise UsageError("--attest and --waive are mutually exclusive")
    if attest is not None or waive is not None or explain is not None or list_:
        loaded = run.load(config, offline=offline, send_test=False)
        if attest is not None:
            return actions.attest(attest, evidence, by, valid_for, loaded)
        if waive is not None:
            return actions.waive(waive, reason, until, by, loaded)
        return (
            actions.print_checks(loaded, output)
            if explain is None
            else actions.explain(explain, loaded, output)
        )
    for name in _ONLY_WITH_A_SIGNOFF:
        if ctx.params[name] is not None:
            raise UsageError(f"--{name.replace('_', '-')} belongs to --attest or --waive")
    timeout_s = None if check_timeout is None else parse_seconds("--check-timeout", check_timeout)
    wait_s = 0.0 if wait is None else parse_seconds("--wait", wait)
    return run.run(
        run.PreflightRequest(
            config, check or [], skip or [], jobs, timeout_s, wait_s, offline, send_test, baseline,
            evidence_dir, verbose, output_format, output,
        )
    )  # fmt: skip
