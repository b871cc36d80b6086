"""The JSON Schema of ``aurora simulate --format json``."""

from typing import Any, Final, get_args

from aurora_cli.options import ProviderLimit, RetryAfter
from aurora_cli.simulate.outcomes import NAMES
from aurora_core.words import Jitter, LimitPer

_TEXT: Final = {"type": "string"}
_FIGURE: Final = {"type": ["number", "null"]}
_COUNT: Final = {"type": "integer", "minimum": 0}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


_SPREAD: Final = _object(dict.fromkeys(("mean", "p50", "p95", "p99", "max"), _FIGURE))

_POLICY: Final = _object(
    {
        "rpm": _FIGURE,
        "max_wait_s": _FIGURE,
        "burst": _FIGURE,
        "max_retries": _COUNT,
        "base_delay_ms": _FIGURE,
        "max_delay_ms": _FIGURE,
        "multiplier": _FIGURE,
        "jitter": {"enum": list(get_args(Jitter))},
        "limit_per": {"enum": list(get_args(LimitPer))},
        "breaker_threshold": _FIGURE,
        "breaker_timeout_s": _FIGURE,
    }
)

_PROVIDER: Final = _object(
    {
        "rpm": _FIGURE,
        "limit": {"enum": list(get_args(ProviderLimit))},
        "retry_after": {"enum": list(get_args(RetryAfter))},
        "error_rate": _FIGURE,
    }
)

_GOAL: Final = _object({"goal": {"type": "string"}, "met": {"type": "array", "items": {"type": "boolean"}}})

_RESULT: Final = _object(
    {
        "policy": _POLICY,
        "queries": _object(dict.fromkeys(("total", *NAMES), _COUNT)),
        "attempts": _COUNT,
        "amplification": _FIGURE,
        "provider_429": _COUNT,
        "recovery_rate": _FIGURE,
        "latency_ms": _SPREAD,
        "answered_ms": _SPREAD,
        "wait_ms": _SPREAD,
        "backoff_ms": _SPREAD,
        "service_ms": _SPREAD,
        "peak_starts_per_minute": _COUNT,
        "longest_queue": _COUNT,
        "sla_met": {"type": ["boolean", "null"]},
        "sla": {
            "type": "array",
            "items": _object(
                {
                    "objective": {"type": "string"},
                    "target": {"type": "number"},
                    "value": _FIGURE,
                    "state": {"type": "string"},
                }
            ),
        },
        "alerts": {
            "type": "array",
            "items": _object(
                {
                    "rule": {"type": "string"},
                    "severity": {"type": "string"},
                    "first_s": {"type": "number"},
                    "minutes": _COUNT,
                    "worst": {"type": "number"},
                }
            ),
        },
    }
)

SCHEMA: Final = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "aurora simulate --format json",
    **_object(
        {
            "schema": {"const": "aurora.simulate/1"},
            "aurora": {"type": "string"},
            "generated_at": {"type": "string", "format": "date-time"},
            "config": {"anyOf": [{"type": "null"}, _object({"path": _TEXT, "sha256": _TEXT})]},
            "verdict": {"enum": ["good", "not good", "none"]},
            "exit_code": {"type": "integer"},
            "summary": _object(
                {
                    "log": {"type": "object"},
                    "scale": {"type": "number"},
                    "seed": {"type": "integer"},
                    "provider": _PROVIDER,
                    "goals": {"type": "array", "items": _GOAL},
                }
            ),
            "results": {"type": "array", "items": _RESULT},
        }
    ),
}
