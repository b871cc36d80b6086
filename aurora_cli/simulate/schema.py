"""The JSON Schema of ``aurora simulate --format json``."""

from typing import Any, Final

from aurora_cli.simulate.outcomes import NAMES

_FIGURE: Final = {"type": ["number", "null"]}
_COUNT: Final = {"type": "integer", "minimum": 0}


def _object(properties: dict[str, Any], *, closed: bool = True) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": not closed,
    }


_SPREAD: Final = _object(dict.fromkeys(("mean", "p50", "p95", "p99", "max"), _FIGURE))

_RESULT: Final = _object(
    {
        "policy": {"type": "object"},
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
            "config": {"type": ["object", "null"]},
            "verdict": {"enum": ["good", "not good", "none"]},
            "exit_code": {"type": "integer"},
            "summary": _object(
                {
                    "log": {"type": "object"},
                    "scale": {"type": "number"},
                    "seed": {"type": "integer"},
                    "provider": {"type": "object"},
                    "goals": {"type": "array"},
                }
            ),
            "results": {"type": "array", "items": _RESULT},
        }
    ),
}
