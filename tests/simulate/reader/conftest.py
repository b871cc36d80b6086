"""What the tests of the reader share: files of lines, plain or compressed."""

import gzip
import json
from pathlib import Path

import duckdb
import pytest


@pytest.fixture
def write(tmp_path):
    """Write lines (texts, or objects as JSON) into a file and give its path as text."""

    def written(name, lines, end="\n"):
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path = tmp_path / name
        path.write_bytes("".join(text + end for text in texts).encode())
        return str(path)

    return written


@pytest.fixture
def compressed():
    """Compress a file beside itself and give the path."""

    def made(path, kind):
        target = f"{path}.{kind}"
        if kind == "gz":
            Path(target).write_bytes(gzip.compress(Path(path).read_bytes()))
        else:
            form = "auto_detect=false, header=false, delim='\x01', quote='', max_line_size=16777216"
            lines = f"read_csv(?, {form}, columns={{'line': 'VARCHAR'}})"
            duckdb.connect().execute(
                f"COPY (FROM {lines}) TO '{target}' "
                "(FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '', COMPRESSION zstd)",
                [path],
            )
        return target

    return made
