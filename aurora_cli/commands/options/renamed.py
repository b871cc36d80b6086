"""Options under the names of the first version."""

from collections.abc import Mapping
from typing import Final

RENAMED_OPTIONS: Final[Mapping[str, str]] = {
    "--as-if": "--target",
    "--by": "--group-by",
    "--json-schema": "--schema",
    "--record": "--store",
    "--source": "--store",
}
"""An option of the first version to its name of today."""
