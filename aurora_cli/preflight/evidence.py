"""Files and addresses as evidence: their hashes."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from aurora_cli.findings import Evidence
from aurora_cli.preflight import http_probe
from aurora_cli.preflight.context import Context

_TIMEOUT_S: Final = 10.0
_BLOCK: Final = 1 << 20


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file. Raises ``OSError`` if it cannot be read."""
    with path.open("rb") as file:
        total = sha256()
        while block := file.read(_BLOCK):
            total.update(block)
    return total.hexdigest()


def file_evidence(path: Path, excerpt: str = "") -> Evidence:
    """Return a file and its hash as evidence."""
    try:
        return Evidence("file", str(path), f"sha256 {hash_file(path)}", excerpt)
    except OSError as error:
        return Evidence("file", str(path), error.strerror or str(error), excerpt)


def hash_source(source: str, context: Context) -> tuple[str, str]:
    """Return the hash of a file or an address, and ""; or "" and why there is no hash."""
    if source.startswith(("http://", "https://")):
        if context.offline:
            return "", "not probed with --offline"
        response = http_probe.get(source, _TIMEOUT_S)
        if response.status != http_probe.OK:
            return "", response.result
        return sha256(response.body).hexdigest(), ""
    try:
        return hash_file(context.root / source), ""
    except OSError as error:
        return "", error.strerror or str(error)
