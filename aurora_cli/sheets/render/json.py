"""The machine's form: one envelope for every command."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from aurora_cli.sheets.sheet import Sheet
from aurora_core import __version__


def render(sheet: Sheet, generated_at: datetime) -> str:
    """Write the envelope of the command-line contract: sorted keys, NaN as null, one newline at the end."""
    envelope = {
        "schema": f"aurora.{sheet.command}/1",
        "aurora": __version__,
        "generated_at": generated_at.isoformat(),
        "config": None,
        "verdict": sheet.verdict.value,
        "exit_code": sheet.exit_code,
        "summary": sheet.summary,
        "results": sheet.results,
    }
    return json.dumps(_plain(envelope), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
