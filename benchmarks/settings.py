"""The whole of `aurora check-config` on 300 settings, beside Python that only imports Typer and pydantic."""

import statistics
import sys
import tempfile
from pathlib import Path

from harness import Row, measured

SETTINGS = 300
ROUNDS = 11

AURORA = [sys.executable, "-c", "from aurora_cli.app import main; main()", "check-config"]
IMPORTS = [sys.executable, "-c", "import typer, pydantic; pydantic.BaseModel"]

TIER = '[[rate_limit.tiers]]\nprovider = "custom"\nmodel = "model-{}"\nrpm = {}\n'
RULE = (
    '[[alerts.rules]]\nname = "rule {}"\nmetric = "error_rate"\ncomparison = "gt"\nthreshold = 0.{:03d}\n'
    'severity = "warning"\nwindow = "5m"\n'
)


def write_settings(path):
    """Tiers of three settings and rules of six, half of all each."""
    tiers = [TIER.format(number, number + 1) for number in range(SETTINGS // 6)]
    rules = [RULE.format(number, number + 1) for number in range(SETTINGS // 12)]
    path.write_text("".join(tiers + rules))


def rows():
    with tempfile.TemporaryDirectory(prefix="aurora-bench-") as name:
        path = Path(name, "aurora.toml")
        write_settings(path)
        command = [*AURORA, str(path)]
        measured(command)
        pairs = [(measured(command).cpu_s, measured(IMPORTS).cpu_s) for _ in range(ROUNDS)]
    ours, imports = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(a / b for a, b in pairs)
    return [
        Row(
            f"`check-config`, {SETTINGS} settings",
            f"{ours:.2f} s",
            f"importing Typer and pydantic {imports:.2f} s",
            f"{ratio:.2f}",
            "at most 2",
            ratio <= 2,
        )
    ]
