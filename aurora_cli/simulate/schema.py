"""The JSON Schema of ``aurora simulate --format json``."""

from typing import Final, get_args

from aurora_cli.json_schema import COUNT, NULLABLE_NUMBER, NUMBER, TEXT, answer, fields, rows
from aurora_cli.options import ProviderLimit, RetryAfter
from aurora_cli.simulate.outcomes import NAMES, REASONS

_SPREAD: Final = fields(dict.fromkeys(("mean", "p50", "p95", "p99", "max"), NULLABLE_NUMBER))

_SECTION: Final = {"type": "object"}

_POLICY: Final = fields(
    {
        "name": TEXT,
        "rate_limit": _SECTION,
        "retry": _SECTION,
        "breaker": _SECTION,
    }
)

_PROVIDER: Final = fields(
    {
        "rpm": NULLABLE_NUMBER,
        "limit": {"enum": list(get_args(ProviderLimit))},
        "retry_after": {"enum": list(get_args(RetryAfter))},
        "error_rate": NULLABLE_NUMBER,
    }
)

_GOAL: Final = fields({"goal": TEXT, "met": rows({"type": "boolean"})})

_ALERT: Final = fields({"rule": TEXT, "severity": TEXT, "first_s": NUMBER, "minutes": COUNT, "worst": NUMBER})

_RESULT: Final = fields(
    {
        "policy": _POLICY,
        "queries": fields(dict.fromkeys(("total", "answered", *NAMES), COUNT)),
        "reasons": fields(dict.fromkeys(REASONS.values(), COUNT)),
        "not_replayed": rows(TEXT),
        "attempts": COUNT,
        "amplification": NULLABLE_NUMBER,
        "provider_429": COUNT,
        "recovery_rate": NULLABLE_NUMBER,
        "latency_ms": _SPREAD,
        "answered_ms": _SPREAD,
        "wait_ms": _SPREAD,
        "backoff_ms": _SPREAD,
        "service_ms": _SPREAD,
        "peak_starts_per_minute": COUNT,
        "longest_queue": COUNT,
        "sla_met": {"type": ["boolean", "null"]},
        "sla": rows(fields({"objective": TEXT, "target": NUMBER, "value": NULLABLE_NUMBER, "state": TEXT})),
        "alerts": rows(_ALERT),
    }
)

_SUMMARY: Final = fields(
    {
        "log": {"type": "object"},
        "scale": NUMBER,
        "seed": {"type": "integer"},
        "provider": _PROVIDER,
        "goals": rows(_GOAL),
    }
)

SCHEMA: Final = answer("simulate", _SUMMARY, _RESULT)
