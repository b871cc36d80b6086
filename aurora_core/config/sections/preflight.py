"""``[preflight]``: checks of your own, beside the guide's."""

from typing import Annotated

from pydantic import Field

from aurora_core.config.quantities import Names, Rows, Seconds
from aurora_core.config.sections.base import Section


class Command(Section):
    """A program whose exit code is the answer: 0 pass, 1 fail, 2 unknown, 3 not applicable."""

    name: str = Field(min_length=1, description="the check's name")
    run: Names = Field(min_length=1, description="the program and its arguments; no shell reads them")
    timeout: Seconds = Field(15.0, gt=0, description="longest it may take")


class Http(Section):
    """An address that must answer."""

    name: str = Field(min_length=1, description="the check's name")
    url: str = Field(min_length=1, description="the address that is asked")
    status: int = Field(200, ge=100, le=599, description="the status that is a pass")
    timeout: Seconds = Field(5.0, gt=0, description="longest it may take")


class Preflight(Section):
    """Commands and addresses."""

    command: Annotated[tuple[Command, ...], Rows] = Field((), description="programs that are run")
    http: Annotated[tuple[Http, ...], Rows] = Field((), description="addresses that are asked")
