"""Settings that were renamed: an old name is an error that gives the new one."""

from typing import Final

RENAMED: Final = {"store.path": "store.url"}
"""The old key of each, and its new one; variables follow their keys."""
