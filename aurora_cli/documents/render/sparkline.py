"""A row of figures as a row of blocks."""

import math
from collections.abc import Sequence
from typing import Final

BLOCKS: Final = " ▁▂▃▄▅▆▇█"
ASCII_BLOCKS: Final = " .:-=+*#%"


def bars(values: Sequence[float], blocks: str = BLOCKS) -> str:
    """Scale the values to the largest of them; NaN is a blank, and what is above 0 is never one."""
    largest = max((value for value in values if not math.isnan(value)), default=0.0)
    if largest <= 0:
        return blocks[0] * len(values)
    steps = len(blocks) - 1
    return "".join(
        blocks[0] if math.isnan(value) else blocks[math.ceil(value / largest * steps)] for value in values
    )
