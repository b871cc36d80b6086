"""Whether a Zstandard file is whole.

DuckDB 2.0 reads a file that was cut short as far as it goes, without an error. The frames are walked here
by the sizes that they state (RFC 8878), nothing is decompressed.
"""

import os
from typing import BinaryIO, Final

MAGIC: Final = b"\x28\xb5\x2f\xfd"
_SKIPPABLE: Final = range(0x184D2A50, 0x184D2A60)
_BLOCK_HEADER_BYTES: Final = 3
_RLE: Final = 1
_DICTIONARY_ID_BYTES: Final = (0, 1, 2, 4)
_CONTENT_SIZE_BYTES: Final = (0, 2, 4, 8)


def is_whole(path: str) -> bool:
    """Whether every frame of the file has an end."""
    with open(path, "rb") as file:  # noqa: PTH123 - a path of text, as DuckDB takes it
        size = os.fstat(file.fileno()).st_size
        while file.tell() < size:
            if not _skip_frame(file) or file.tell() > size:
                return False
    return True


def _skip_frame(file: BinaryIO) -> bool:
    magic = file.read(4)
    if int.from_bytes(magic, "little") in _SKIPPABLE:
        file.seek(int.from_bytes(file.read(4), "little"), os.SEEK_CUR)
        return True
    if magic != MAGIC:
        return False
    descriptor = int.from_bytes(file.read(1), "little")
    single_segment = descriptor >> 5 & 1
    content_size = _CONTENT_SIZE_BYTES[descriptor >> 6] or single_segment
    window = 1 - single_segment
    file.seek(window + _DICTIONARY_ID_BYTES[descriptor & 3] + content_size, os.SEEK_CUR)
    return _skip_blocks(file, checksum_bytes=4 if descriptor >> 2 & 1 else 0)


def _skip_blocks(file: BinaryIO, checksum_bytes: int) -> bool:
    while True:
        header = file.read(_BLOCK_HEADER_BYTES)
        if len(header) < _BLOCK_HEADER_BYTES:
            return False
        block = int.from_bytes(header, "little")
        last, kind, size = block & 1, block >> 1 & 3, block >> 3
        file.seek(1 if kind == _RLE else size, os.SEEK_CUR)
        if last:
            file.seek(checksum_bytes, os.SEEK_CUR)
            return True
