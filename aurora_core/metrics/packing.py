"""Histograms as bytes, and adding up many of them at once.

A packed histogram is the width of a count in bytes (1, 2, 4 or 8), the number of its first bucket, and the
counts from there to its last bucket, little-endian; deflated where that is shorter, as 16 more in the first
byte says. A minute of 1,000 calls takes about 110 bytes.
"""

import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator
from typing import Final

from aurora_core.metrics.histogram import Histogram

_HEAD: Final = struct.Struct("<Bh")
_CODES: Final = {1: "B", 2: "H", 4: "I", 8: "Q"}
_DEFLATED: Final = 16
_RAW: Final = -15
"""Deflate without a header of its own."""


def pack(histogram: Histogram) -> bytes:
    """The counts as bytes; nothing where there are none."""
    buckets = histogram.buckets
    if not buckets:
        return b""
    first, last, most = min(buckets), max(buckets), max(buckets.values())
    width = next(width for width in _CODES if most < 1 << 8 * width)
    counts = array(_CODES[width], bytes(width * (last - first + 1)))
    for bucket, count in buckets.items():
        counts[bucket - first] = count
    body = _little(counts).tobytes()
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    squeezed = deflate.compress(body) + deflate.flush()
    if len(squeezed) < len(body):
        return _HEAD.pack(width | _DEFLATED, first) + squeezed
    return _HEAD.pack(width, first) + body


def added(packed: Iterable[bytes]) -> dict[int, int]:
    """Add up packed histograms: the counts by bucket, without the empty ones.

    Raises ``ValueError`` for bytes that :func:`pack` did not make.
    """
    rows: dict[int, list[tuple[int, bytes]]] = {}
    for one in filter(None, packed):
        width, first, counts = _taken_apart(one)
        rows.setdefault(width, []).append((first, counts))
    total: dict[int, int] = {}
    for width, counted in rows.items():
        for bucket, count in _columns(width, counted):
            total[bucket] = total.get(bucket, 0) + count
    return total


def _taken_apart(packed: bytes) -> tuple[int, int, bytes]:
    try:
        form, first = _HEAD.unpack_from(packed)
        width, body = form & ~_DEFLATED, packed[_HEAD.size :]
        counts = zlib.decompress(body, _RAW) if form & _DEFLATED else body
    except (struct.error, zlib.error):
        raise ValueError("not a packed histogram") from None
    if width not in _CODES or not counts or len(counts) % width:
        raise ValueError("not a packed histogram")
    return width, first, counts


def _columns(width: int, counted: list[tuple[int, bytes]]) -> Iterator[tuple[int, int]]:
    """Lay the counts beneath each other, bucket under bucket, and add each column."""
    lowest = min(first for first, _ in counted)
    buckets = max(first + len(counts) // width for first, counts in counted) - lowest
    lines = [
        (bytes(width * (first - lowest)) + counts).ljust(width * buckets, b"\0") for first, counts in counted
    ]
    block = _little(array(_CODES[width], b"".join(lines)))
    for place in range(buckets):
        if count := sum(block[place::buckets]):
            yield lowest + place, count


def _little(counts: "array[int]") -> "array[int]":
    """Swap the bytes where the machine's order is not the file's."""
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        counts.byteswap()
    return counts
