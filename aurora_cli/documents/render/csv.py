"""The spreadsheet's form: one row a result, nested names joined by dots."""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence

from aurora_cli.documents.document import Document


def render(document: Document) -> str:
    """Write the results; what is no single value (a list) is left to JSON. Without data a field is empty.

    There is a column for each name that any result has.
    """
    rows = [dict(_flat(result)) for result in document.results]
    names = dict.fromkeys(name for row in rows for name in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(names), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _flat(result: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in result.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, float) and math.isnan(value):
            yield prefix + name, ""
        elif isinstance(value, str) or not isinstance(value, Sequence):
            yield prefix + name, value
