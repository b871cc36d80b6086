"""The file that ``aurora init`` writes: every setting with its meaning and the guide's value."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import tomli_w
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aurora_core.config.settings import SETTINGS, Settings
from aurora_core.config.units import show_duration
from aurora_core.time_units import HOUR_S

_HEAD: Final = """\
# Settings of a service that calls LLM providers, and of the tool `aurora`.
# Commented-out lines show the default; uncomment to change.
# Environment variables override this file.
# Durations, sizes and shares may carry their unit: "60s", "10 KiB", "99.9%".
# Check it with: aurora check-config
"""


_WRITTEN_OUT: Final = frozenset(
    {
        "llm.provider", "llm.model", "llm.max_tokens", "rate_limit.rpm", "rate_limit.max_wait",
        "retry.max_retries", "retry.base_delay_ms", "retry.max_delay_ms", "cache.hot_size", "cache.ttl",
        "metrics.enabled", "metrics.port", "logging.level", "security.scan", "security.max_query_length",
    }
)  # fmt: skip
"""The guide's settings, written as values; all others are commented out."""

_EXAMPLES: Final = {
    "llm.base_url": '"https://llm.example.com/v1"',
    "rate_limit.burst": "10",
    "rate_limit.provider_rpm": "500",
    "retry.deadline": '"30s"',
    "retry.budget_ratio": "0.1",
    "breaker.failure_rate": "0.5",
    "simulate.log": '"aurora-queries.jsonl"',
    "simulate.provider_rpm": "60",
    "simulate.goals": '["p95<2s", "refused<1%"]',
    "preflight.benchmarks": '["python", "benchmarks/run.py"]',
    "preflight.metrics_url": '"http://localhost:9090/metrics"',
    "preflight.log_write": '["logger", "{marker}"]',
    "preflight.log_read": '["journalctl", "--since=-1min", "--grep={marker}"]',
    "preflight.dashboard": '"deploy/dashboard.json"',
    "preflight.runbooks": '"docs/runbooks.md"',
    "preflight.rollback": '"docs/rollback.md"',
    "preflight.previous_version": '"v1.0.0"',
}
"""Examples for settings without a default."""

_TABLES: Final = {
    "rate_limit.tiers": """\
[[rate_limit.tiers]]
provider = "openai"
model = "gpt-3.5*"
rpm = 3500
""",
    "alerts.rules": """\
[[alerts.rules]]
name = "burning"
metric = "burn_rate"
comparison = "gt"
threshold = 14.4
severity = "critical"
window = "1h"
""",
    "alerts.channels": """\
[alerts.channels.oncall]
type = "pagerduty"
key = { env = "PAGERDUTY_KEY" }
""",
    "preflight.not_applicable": """\
[[preflight.not_applicable]]
check = "monitoring.dashboard"
reason = "the platform team keeps it"
""",
    "preflight.command": """\
[[preflight.command]]
name = "smoke test"
run = ["python", "-m", "pytest", "tests/smoke"]
timeout = "60s"
""",
    "preflight.http": """\
[[preflight.http]]
name = "the service answers"
url = "http://localhost:8000/health"
""",
}
"""Examples of tables that may be repeated."""


def render_template() -> str:
    """Return the text of the whole file."""
    return "\n".join([_HEAD, *_lines(Settings, ())])


def _lines(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[str]:
    tables = []
    for name, field in model.model_fields.items():
        here = (*path, field.alias or name)
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            tables.append((inner, field, here))
        elif ".".join(here) in _TABLES:
            yield from _table(field, ".".join(here))
        else:
            yield from _setting(field, here)
    for inner, field, here in tables:
        yield f"# {field.description}"
        yield f"[{'.'.join(here)}]"
        yield from _lines(inner, here)


def _setting(field: FieldInfo, path: tuple[str, ...]) -> Iterator[str]:
    key = ".".join(path)
    setting = next(setting for setting in SETTINGS if setting.path == path)
    unit = {"s": "; seconds", "ms": "; milliseconds", "B": "; bytes", "share": "; 0 to 1"}.get(
        setting.unit, ""
    )
    yield f"# {field.description}{unit} ({', '.join(setting.variables)})"
    if setting.secret:
        value = f'{{ env = "{setting.variable}" }}'
    else:
        value = _EXAMPLES.get(key) or _toml(_with_unit(setting.default, setting.unit))
    yield f"{'' if key in _WRITTEN_OUT else '# '}{path[-1]} = {value}"
    yield ""


def _with_unit(value: Any, unit: str) -> Any:
    """Return a long duration with a larger unit than seconds."""
    long = unit == "s" and isinstance(value, float) and value >= HOUR_S
    return show_duration(value, "s").replace(" ", "") if long else value


def _table(field: FieldInfo, key: str) -> Iterator[str]:
    yield f"# {field.description}; repeatable"
    yield from (f"# {line}" for line in _TABLES[key].splitlines())
    yield ""


def _toml(value: Any) -> str:
    plain = str(value) if isinstance(value, Path) else list(value) if isinstance(value, tuple) else value
    if isinstance(plain, float) and plain == int(plain):
        plain = int(plain)
    return (
        tomli_w.dumps({"x": plain}).partition("= ")[2].strip()
        if not isinstance(plain, list)
        else _array(plain)
    )


def _array(items: list[str]) -> str:
    return f"[{', '.join(_toml(item) for item in items)}]"
