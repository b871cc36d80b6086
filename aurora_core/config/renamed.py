"""Settings that were renamed: an old name is an error that gives the new one."""

from collections.abc import Sequence
from typing import Final

RENAMED: Final = {"alerts.every": "alerts.evaluation_interval", "store.path": "store.url"}
"""The old key of each, and its new one; variables follow their keys."""

_RENAMED_IN_ROWS: Final = {"alerts.rules.clear_for": "keep_firing_for"}
"""The same for keys of tables in an array, which have no variables."""


def new_name(path: Sequence[str | int]) -> str | None:
    """Return what the setting at a path is called today; None if it was not renamed."""
    key = ".".join(step for step in path if isinstance(step, str))
    return RENAMED.get(key) or _RENAMED_IN_ROWS.get(key)
