"""What must not leak, and what must not come in."""

from aurora_core.security.masking import Masker, looks_secret
from aurora_core.security.secret import Secret

__all__ = ["Masker", "Secret", "looks_secret"]
