"""The words that an argument, a setting and an option all choose from."""

from typing import Literal

Jitter = Literal["none", "full", "equal"]
"""How a delay is spread: not at all, over all of it, over its second half."""

LimitPer = Literal["attempt", "call"]
"""What takes a place at the limiter: each attempt, or each call one for all."""

SecretPlace = Literal["environment", "file", "keyring", "vault", "aws"]
"""Where a secret may be."""

Figure = Literal[
    "query_count",
    "success_rate",
    "error_rate",
    "avg_latency_ms",
    "p50_latency_ms",
    "p95_latency_ms",
    "p99_latency_ms",
    "within_target_rate",
    "cache_hit_rate",
    "recovery_rate",
    "attempt_count",
    "avg_attempt_latency_ms",
    "burn_rate",
]
"""What an alert rule may watch: the collector's figures, and how fast the error budget is spent."""
