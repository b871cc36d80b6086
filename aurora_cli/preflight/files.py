"""Files as evidence."""

from hashlib import sha256
from pathlib import Path

from aurora_cli.preflight.outcome import Evidence


def digest(path: Path) -> str:
    """The SHA-256 of a file; OSError where it cannot be read."""
    with path.open("rb") as file:
        total = sha256()
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def file_evidence(path: Path, excerpt: str = "") -> Evidence:
    """The file and its hash."""
    try:
        return Evidence("file", str(path), f"sha256 {digest(path)}", excerpt)
    except OSError as error:
        return Evidence("file", str(path), error.strerror or str(error), excerpt)
