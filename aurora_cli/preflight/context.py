"""What a check may look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aurora_cli.findings import Finding
from aurora_core.config.settings import Settings


@dataclass(frozen=True)
class Context:
    """``root`` is the folder that commands run in and paths are relative to.

    ``findings`` is what `aurora check-config` says of the configuration. ``offline``: no address is asked.
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
        """A path of the settings, from the root."""
        return self.root / path

    def found(self, *codes: str) -> list[Finding]:
        """The findings under these codes, the worst first; notes are left out."""
        return [each for each in self.findings if each.code in codes and each.severity != "note"]
