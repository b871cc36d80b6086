"""Asking an address."""

from dataclasses import dataclass
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from aurora_cli.preflight.outcome import Evidence
from aurora_core import __version__

MOST_BYTES: Final = 1 << 20
_EXCERPT: Final = 2000


@dataclass(frozen=True)
class Answer:
    """What an address said; ``status`` 0 and ``problem`` where it said nothing."""

    url: str
    status: int
    body: bytes
    problem: str = ""

    def evidence(self) -> Evidence:
        """The address, its status and the beginning of its answer."""
        told = self.problem or f"status {self.status}"
        return Evidence("address", self.url, told, self.body[:_EXCERPT].decode("utf-8", "replace"))


def ask(url: str, timeout_s: float) -> Answer:
    """GET an address, at most a megabyte of it. Only http and https: a file is no service."""
    if not url.startswith(("http://", "https://")):
        return Answer(url, 0, b"", "it is no http address")
    request = Request(url, headers={"User-Agent": f"aurora/{__version__}"})  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=timeout_s) as response:  # noqa: S310 - the same
            return Answer(url, response.status, response.read(MOST_BYTES))
    except HTTPError as error:
        with error:
            return Answer(url, error.code, error.read(MOST_BYTES))
    except (URLError, OSError, ValueError) as error:
        return Answer(url, 0, b"", str(getattr(error, "reason", error)) or type(error).__name__)
