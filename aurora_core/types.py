"""The words that an argument, a setting and an option all choose from."""

from typing import Literal

Jitter = Literal["none", "full", "equal"]
"""How a delay is spread: not at all, over all of it, over its second half."""

LimitScope = Literal["attempt", "call"]
"""What takes a place at the limiter: each attempt, or each call one for all."""

SecretSourceName = Literal["environment", "file", "keyring", "vault", "aws"]
"""Where a secret may be."""
