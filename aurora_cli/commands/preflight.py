"""``aurora preflight``: whether we are ready to deploy, item by item, with evidence."""

from pathlib import Path
from typing import Annotated, Any

import typer

from aurora_cli.exits import Usage
from aurora_cli.options import ChecklistFormat, parse_seconds


def _option(*names: str, help: str, **settings: Any) -> Any:  # noqa: A002 - Typer's own name
    return typer.Option(*names, help=help, **settings)


def preflight(
    config: Annotated[
        Path | None,
        _option(
            "--config",
            help="The configuration; else AURORA_CONFIG, ./aurora.toml, the user's folder, /etc/aurora.",
        ),
    ] = None,
    check: Annotated[
        list[str] | None,
        _option("--check", metavar="GLOB", help="Look at these only, as config.*; repeatable."),
    ] = None,
    skip: Annotated[
        list[str] | None, _option("--skip", metavar="GLOB", help="Leave these out; repeatable.")
    ] = None,
    list_: Annotated[bool, _option("--list", help="List all checks.")] = False,
    explain: Annotated[
        str | None,
        _option("--explain", metavar="ID", help="Explain a check: why, how it is proved, how to mend it."),
    ] = None,
    jobs: Annotated[int, _option("--jobs", min=1, help="Checks at a time.")] = 8,
    check_timeout: Annotated[
        str | None,
        _option("--check-timeout", help="Time limit of each check, as 60s. [5, 15 or 300 s by kind]"),
    ] = None,
    wait: Annotated[
        str | None, _option("--wait", help="Look again for so long at what may come right, as 5m.")
    ] = None,
    offline: Annotated[bool, _option("--offline", help="Ask no address.")] = False,
    send_test: Annotated[
        bool, _option("--send-test", help="Send a test message through every alert route.")
    ] = False,
    attest: Annotated[
        str | None,
        _option("--attest", metavar="ID", help="Give your word for a check that only a person can answer."),
    ] = None,
    evidence: Annotated[str | None, _option("--evidence", metavar="FILE|URL", help="What shows it.")] = None,
    by: Annotated[str | None, _option("--by", metavar="NAME", help="Who says so.")] = None,
    valid_for: Annotated[str | None, _option("--valid-for", help="For how long it holds, as 90d.")] = None,
    waive: Annotated[str | None, _option("--waive", metavar="ID", help="Excuse a check until a day.")] = None,
    reason: Annotated[str | None, _option("--reason", help="Why it is excused.")] = None,
    until: Annotated[
        str | None, _option("--until", metavar="DATE", help="The last day it is, as 2026-12-31.")
    ] = None,
    baseline: Annotated[
        Path | None, _option("--baseline", help="The JSON of an earlier run: show what changed since.")
    ] = None,
    evidence_dir: Annotated[
        Path | None,
        _option("--evidence-dir", help="Write all that was seen into this folder, a file a check."),
    ] = None,
    verbose: Annotated[bool, _option("--verbose", "-v", help="Show what was seen.")] = False,
    schema: Annotated[
        bool, _option("--schema", help="Print the JSON Schema of --format json and exit.")
    ] = False,
    form: Annotated[ChecklistFormat, _option("--format", help="The form of the answer.")] = "text",
    output: Annotated[
        Path | None, _option("--output", "-o", help="Write the answer to a file, whole or not at all.")
    ] = None,
) -> int:
    """Go through the deployment checklist: each item looked at, not ticked.

    What only a person can say is attested (--attest), with evidence and an end; what is known to be bad can
    be waived (--waive), with a reason and an end. [preflight] in the configuration says what is run and read.

    Exit codes: 0 ready, 1 not ready (fail, stale), 2 wrong usage, 3 nobody can say (unknown, manual).
    """
    from aurora_cli.preflight import actions, run  # noqa: PLC0415 - pydantic comes with it

    if schema:
        return actions.print_schema(output)
    if attest is not None and waive is not None:
        raise Usage("--attest and --waive are mutually exclusive")
    if list_ or explain is not None or attest is not None or waive is not None:
        loaded = run.load(config, offline=offline, send_test=False)
        if attest is not None:
            return actions.attest(attest, evidence, by, valid_for, loaded)
        if waive is not None:
            return actions.waive(waive, reason, until, by, loaded)
        if explain is not None:
            return actions.explain(explain, loaded, output)
        return actions.print_checks(loaded, output)
    for option, value in (
        ("--evidence", evidence), ("--by", by), ("--valid-for", valid_for), ("--reason", reason),
        ("--until", until),
    ):  # fmt: skip
        if value is not None:
            raise Usage(f"{option} belongs to --attest or --waive")
    return run.run(
        run.PreflightRequest(
            config=config,
            wanted=check or [],
            skipped=skip or [],
            jobs=jobs,
            timeout_s=None if check_timeout is None else parse_seconds("--check-timeout", check_timeout),
            wait_s=0.0 if wait is None else parse_seconds("--wait", wait),
            offline=offline,
            send_test=send_test,
            baseline=baseline,
            evidence_dir=evidence_dir,
            verbose=verbose,
            output_format=form,
            output=output,
        )
    )
