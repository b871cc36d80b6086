"""Options of ``aurora preflight``."""

from pathlib import Path
from typing import Annotated, Final

from aurora_cli.commands.options.shared import OUTPUT, option
from aurora_cli.options import ChecklistFormat

CHECKS: Final = "Checks"
ATTESTATION: Final = "Attestations and waivers"

CheckOption = Annotated[
    list[str] | None,
    option(CHECKS, "--check", metavar="GLOB", help="Only run these checks, e.g. config.*; repeatable."),
]
SkipOption = Annotated[
    list[str] | None, option(CHECKS, "--skip", metavar="GLOB", help="Skip these checks; repeatable.")
]
ListChecksOption = Annotated[bool, option(CHECKS, "--list", help="List all checks and exit.")]
ExplainCheckOption = Annotated[
    str | None,
    option(CHECKS, "--explain", metavar="ID", help="Explain a check: why, how it is checked, the fix."),
]
JobsOption = Annotated[int, option(CHECKS, "--jobs", min=1, help="Checks run in parallel.")]
CheckTimeoutOption = Annotated[
    str | None,
    option(CHECKS, "--check-timeout", help="Timeout of each check, e.g. 60s; default: 5, 15 or 300 s."),
]
WaitOption = Annotated[
    str | None, option(CHECKS, "--wait", help="Retry checks that may recover for this long, e.g. 5m.")
]
OfflineOption = Annotated[bool, option(CHECKS, "--offline", help="Skip checks that need the network.")]
SendTestOption = Annotated[
    bool, option(CHECKS, "--send-test", help="Send a test message through each alert channel.")
]
AttestOption = Annotated[
    str | None, option(ATTESTATION, "--attest", metavar="ID", help="Attest a check that no tool can verify.")
]
EvidenceOption = Annotated[
    str | None, option(ATTESTATION, "--evidence", metavar="FILE|URL", help="File or URL that proves it.")
]
ByOption = Annotated[
    str | None, option(ATTESTATION, "--by", metavar="NAME", help="Name of the person attesting.")
]
ValidForOption = Annotated[
    str | None, option(ATTESTATION, "--valid-for", help="How long the attestation is valid, e.g. 90d.")
]
WaiveOption = Annotated[
    str | None, option(ATTESTATION, "--waive", metavar="ID", help="Waive a check until a date.")
]
ReasonOption = Annotated[str | None, option(ATTESTATION, "--reason", help="Reason of the waiver.")]
UntilOption = Annotated[
    str | None,
    option(ATTESTATION, "--until", metavar="DATE", help="Last day of the waiver, e.g. 2026-12-31."),
]
BaselineOption = Annotated[
    Path | None,
    option(OUTPUT, "--baseline", help="JSON of an earlier run; show the changes since then."),
]
EvidenceDirOption = Annotated[
    Path | None,
    option(OUTPUT, "--evidence-dir", help="Write the evidence here, one file per check."),
]
VerboseOption = Annotated[bool, option(OUTPUT, "--verbose", "-v", help="Show the evidence.")]
ChecklistFormatOption = Annotated[ChecklistFormat, option(OUTPUT, "--format", help="Output format.")]
