"""The base class of all sections."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from aurora_core.secrets import Masker


class Section(BaseModel):
    """A table of the configuration file.

    Values never appear in an error, and texts that look like a key never in ``repr``: a key may be in the
    wrong place.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        hide_input_in_errors=True,
        defer_build=True,  # a section is built once, as part of the settings
    )

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        masker = Masker()
        for name, value in super().__repr_args__():
            text = repr(value)
            yield name, value if masker.mask(text) == text else masker.mask(text)
