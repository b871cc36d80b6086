"""Histograms as bytes, and adding up many of them at once.

A packed histogram is the width of a count in bytes (1, 2, 4 or 8), the number of its first bucket, and the
counts from there to its last bucket, little-endian; deflated where that is shorter, as 16 more in the first
byte says. A minute of 1,000 calls takes about 110 bytes.
"""

import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from aurora_core.metrics.histogram import Histogram

_HEAD: Final = struct.Struct("<Bh")
_CODES: Final = {1: "B", 2: "H", 4: "I", 8: "Q"}
_DEFLATED: Final = 16
_WIDEST: Final = max(_CODES)
_AT_ONCE: Final = 257
"""So many of the largest counts of a width still fit its double: 255 * 257 = 65535."""
_NOT_ONE: Final = "not a packed histogram"
_RAW: Final = -15
"""Deflate without a header of its own."""

_Row = tuple[int, bytes]
"""The first bucket, and the counts from there on."""


def encode(histogram: Histogram) -> bytes:
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


def decode_sum(packed: Iterable[bytes]) -> dict[int, int]:
    """Add up packed histograms: the counts by bucket, without the empty ones.

    Raises ``ValueError`` for bytes that :func:`encode` did not make.
    """
    rows: dict[int, list[_Row]] = {}
    try:
        for one in filter(None, packed):
            form, first = _HEAD.unpack_from(one)
            body = one[_HEAD.size :]
            counts = zlib.decompress(body, _RAW) if form & _DEFLATED else body
            rows.setdefault(form & ~_DEFLATED, []).append((first, counts))
    except (struct.error, zlib.error):
        raise ValueError(_NOT_ONE) from None
    total: dict[int, int] = {}
    for width, of_width in rows.items():
        if width not in _CODES or any(not counts or len(counts) % width for _, counts in of_width):
            raise ValueError(_NOT_ONE)
        for bucket, count in _one_by_one(of_width) if width == _WIDEST else _in_lanes(width, of_width):
            total[bucket] = total.get(bucket, 0) + count
    return total


def _one_by_one(rows: Sequence[_Row]) -> Iterator[tuple[int, int]]:
    for first, counts in rows:
        for place, count in enumerate(_little(array(_CODES[_WIDEST], counts))):
            if count:
                yield first + place, count


def _in_lanes(width: int, rows: Sequence[_Row]) -> Iterator[tuple[int, int]]:
    """Add the rows as whole numbers, all their counts at once: three times as fast as count by count.

    Every second count is masked out, so that each has twice its width to grow in: room for ``_AT_ONCE`` rows.
    """
    lowest = min(first for first, _ in rows)
    longest = max(8 * width * (first - lowest) + 8 * len(counts) for first, counts in rows)
    lane = 2 * width
    mask = int.from_bytes((b"\xff" * width + bytes(width)) * (longest // (8 * lane) + 1), "little")
    for start in range(0, len(rows), _AT_ONCE):
        even = odd = 0
        for first, counts in rows[start : start + _AT_ONCE]:
            row = int.from_bytes(counts, "little") << 8 * width * (first - lowest)
            even += row & mask
            odd += row >> 8 * width & mask
        for offset, lanes in enumerate((even, odd)):
            length = (lanes.bit_length() + 8 * lane - 1) // (8 * lane) * lane
            for place, count in enumerate(_little(array(_CODES[lane], lanes.to_bytes(length, "little")))):
                if count:
                    yield lowest + 2 * place + offset, count


def _little(counts: "array[int]") -> "array[int]":
    """Swap the bytes where the machine's order is not the file's."""
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        counts.byteswap()
    return counts
