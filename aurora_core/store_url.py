"""Where a metrics store is: a URL, or the path of a SQLite file."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

SCHEMES: Final = ("sqlite",)
"""The known kinds of stores; ``store/metrics/open.py`` opens each."""

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(.*)", re.DOTALL)
"""At least two letters: one is a drive, as in ``C:\\metrics.db``."""
_EXPECTED: Final = "expected a path, sqlite:PATH or sqlite:///ABSOLUTE/PATH"


@dataclass(frozen=True)
class StoreUrl:
    """A store's scheme, and what the scheme takes: for ``sqlite`` the path of a file."""

    scheme: str
    target: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.target}"

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for a store on a server."""
        return Path(self.target) if self.scheme == "sqlite" else None

    def relative_to(self, folder: Path) -> Self:
        """Return the URL with a relative path taken from the folder."""
        return self if self.file is None else replace(self, target=str(folder / self.file))


def parse_store_url(text: str) -> StoreUrl:
    """Parse a URL or a path. A file name that contains a colon needs a folder before it: ``./a:b.db``.

    What follows ``sqlite:`` is the path as it is, without percent-encoding or parameters. ``~/`` is the home
    folder. Raises ``ValueError``, which never contains the text: a URL may hold a password.
    """
    scheme, target = "sqlite", text
    match = _SCHEME.fullmatch(text)
    if match:
        scheme = match[1].lower()
        if scheme not in SCHEMES:
            known = ", ".join(f"{name}:" for name in SCHEMES)
            raise ValueError(
                f"unknown store scheme '{scheme}:': expected {known} or a path "
                "(a file name with a colon needs a folder before it, as in ./a:b.db)"
            )
        target = _sqlite_path(match[2])
    if not target or "\0" in target:
        raise ValueError(f"a store needs a path: {_EXPECTED}")
    if target == ":memory:":
        raise ValueError(f"a store in memory cannot be shared: {_EXPECTED}")
    return StoreUrl(scheme, str(Path(target).expanduser()) if target.startswith("~/") else target)


def _sqlite_path(rest: str) -> str:
    """Return the path of ``sqlite:rest``."""
    if "?" in rest:
        raise ValueError(f"a sqlite: URL takes no parameters: {_EXPECTED}")
    if not rest.startswith("//"):
        return rest
    path = rest.removeprefix("//")
    if path and not path.startswith("/"):
        raise ValueError(f"a sqlite: URL takes no host: {_EXPECTED}")
    return f"/{path.lstrip('/')}" if path.strip("/") else ""
