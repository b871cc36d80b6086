"""The machine's form: one JSON envelope for every command."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aurora_cli.exit_codes import Verdict
from aurora_cli.sanitize import in_json
from aurora_core import __version__


@dataclass(frozen=True)
class Envelope:
    """What every answer says of itself. ``config`` is the file that was used: {path, sha256}, or None."""

    command: str
    config: Mapping[str, str] | None
    verdict: Verdict
    exit_code: int
    summary: Mapping[str, object]
    results: Sequence[Mapping[str, object]]

    def to_json(self, generated_at: datetime) -> str:
        """Write it: sorted keys, NaN as null, one newline at the end."""
        content = {
            **vars(self),
            "schema": f"aurora.{self.command}/1",
            "aurora": __version__,
            "generated_at": generated_at.isoformat(),
            "verdict": self.verdict.value,
        }
        del content["command"]
        text = json.dumps(_plain(content), indent=2, sort_keys=True, ensure_ascii=False)
        return f"{in_json(text)}\n"


def _plain(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
