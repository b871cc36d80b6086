"""What all sections share."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of the configuration file. Values never appear in an error: one of them may be a secret."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        hide_input_in_errors=True,
        defer_build=True,  # a section is built once, within the whole
    )
