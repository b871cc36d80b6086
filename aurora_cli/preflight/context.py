"""The input of a check: settings, findings of check-config, folder and clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aurora_cli.check_config.codes import PROBES, RULES
from aurora_cli.findings import Finding
from aurora_core.config.settings import Settings

ALWAYS: Final = "config.valid"
"""The check that runs whatever is selected, and that answers for every error of check-config."""

_CHECKED_BY: Final = {rule.code: rule.checked_by for rule in (*RULES, *PROBES)}


@dataclass(frozen=True)
class Context:
    """``root`` is the folder that commands run in and paths are relative to.

    ``findings`` are those of `aurora check-config`, the worst first. ``offline``: no address is probed.
    ``send_test``: a test message is sent through every route. ``now_s``: seconds of UTC.
    """

    settings: Settings
    root: Path
    environ: Mapping[str, str]
    findings: Sequence[Finding]
    offline: bool
    send_test: bool
    now_s: float

    def path(self, path: Path) -> Path:
        """Return a path of the settings, from the root."""
        return self.root / path

    def rule_findings(self, check_id: str) -> list[Finding]:
        """Return the errors and warnings of the rules that a check answers for, the worst first."""
        return [
            finding
            for finding in self.findings
            if finding.severity != "note" and self._answers_for(check_id, finding)
        ]

    @staticmethod
    def _answers_for(check_id: str, finding: Finding) -> bool:
        if check_id == ALWAYS and finding.severity == "error":
            return True
        return _CHECKED_BY.get(finding.code) == check_id
