"""Probe an address with GET."""

from dataclasses import dataclass
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from aurora_cli.findings import Evidence
from aurora_core import __version__

OK: Final = 200
MAX_BYTES: Final = 1 << 20
_MAX_EXCERPT: Final = 2000


@dataclass(frozen=True)
class Response:
    """The response of an address; without one, ``status`` is 0 and ``problem`` says why."""

    url: str
    status: int
    body: bytes
    problem: str = ""

    @property
    def result(self) -> str:
        """The problem, or the status."""
        return self.problem or f"status {self.status}"

    @property
    def text(self) -> str:
        """The body, whatever its bytes."""
        return self.body.decode("utf-8", "replace")

    def evidence(self) -> Evidence:
        """Return the address, its status and the beginning of its body."""
        excerpt = self.body[:_MAX_EXCERPT].decode("utf-8", "replace")
        return Evidence("address", self.url, self.result, excerpt)


def get(url: str, timeout_s: float) -> Response:
    """GET an address, at most a megabyte of it. Only http and https: a file is not a service."""
    if not url.startswith(("http://", "https://")):
        return Response(url, 0, b"", "not an http or https address")
    request = Request(url, headers={"User-Agent": f"aurora/{__version__}"})  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=timeout_s) as response:  # noqa: S310 - the same
            return Response(url, response.status, response.read(MAX_BYTES))
    except HTTPError as error:
        with error:
            return Response(url, error.code, error.read(MAX_BYTES))
    except (URLError, OSError, ValueError) as error:
        return Response(url, 0, b"", str(getattr(error, "reason", error)) or type(error).__name__)
