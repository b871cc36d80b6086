"""Where a secret is: the environment, a file, the system's keyring, HashiCorp Vault, AWS Secrets Manager."""

import importlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.errors import SecretNotFound
from aurora_core.security import Secret
from aurora_core.words import SecretPlace

_TIMEOUT_S: Final = 5.0
_LONGEST: Final = 64 * 1024
_NOT_FOUND: Final = 404


class Found(NamedTuple):
    """What a source has: the text, or None and where it looked. Never shown."""

    text: str | None
    looked: str


class SecretSource(Protocol):
    """Somewhere a secret may be. What is out of reach has none, and says so in ``looked``."""

    def find(self, name: str) -> Found:
        """Look for the secret of a name like ``openai_api_key``."""
        ...


class EnvironmentSource:
    """The variable ``OPENAI_API_KEY`` for ``openai_api_key``."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ

    def find(self, name: str) -> Found:
        """The variable of that name."""
        variable = name.upper()
        return Found(self._environ.get(variable) or None, f"the variable {variable}")


class FileSource:
    """The file that ``OPENAI_API_KEY_FILE`` names, else ``openai_api_key`` in ``/run/secrets``."""

    def __init__(self, folder: str | Path = "/run/secrets", environ: Mapping[str, str] | None = None) -> None:
        self._folder = Path(folder)
        self._environ = os.environ if environ is None else environ

    def find(self, name: str) -> Found:
        """The file's text, without the end of its last line."""
        named = self._environ.get(f"{name.upper()}_FILE")
        path = Path(named) if named else self._folder / name
        try:
            if path.stat().st_size > _LONGEST:
                return Found(None, f"{path}, which is too large for a secret")
            return Found(path.read_text(encoding="utf-8").rstrip("\r\n") or None, f"the file {path}")
        except (OSError, ValueError) as error:
            return Found(None, f"the file {path} ({getattr(error, 'strerror', None) or 'it cannot be read'})")


class KeyringSource:
    """The system's keyring, under the service ``aurora``; needs the extra ``[keyring]``."""

    def __init__(self, service: str = "aurora") -> None:
        self._service = service

    def find(self, name: str) -> Found:
        """The password of that name."""
        looked = f"the keyring's service {self._service}"
        try:
            keyring: Any = importlib.import_module("keyring")
        except ModuleNotFoundError:
            return Found(None, f"{looked} (not installed: pip install 'aurora-resilience[keyring]')")
        try:
            return Found(keyring.get_password(self._service, name), looked)
        except keyring.errors.KeyringError as error:
            return Found(None, f"{looked} ({type(error).__name__})")


class VaultSource:
    """HashiCorp Vault's KV version 2: a key of ``path``, at ``VAULT_ADDR`` with ``VAULT_TOKEN``."""

    def __init__(
        self, path: str = "aurora", mount: str = "secret", environ: Mapping[str, str] | None = None
    ) -> None:
        self._place = f"v1/{quote(mount)}/data/{quote(path)}"
        self._environ = os.environ if environ is None else environ

    def find(self, name: str) -> Found:
        """Ask Vault; five seconds at most."""
        address, token = self._environ.get("VAULT_ADDR", ""), self._environ.get("VAULT_TOKEN", "")
        looked = f"Vault's {self._place}"
        if not address.startswith(("http://", "https://")) or not token:
            return Found(None, f"{looked} (VAULT_ADDR and VAULT_TOKEN are not set)")
        url = f"{address.rstrip('/')}/{self._place}"
        request = Request(url, headers={"X-Vault-Token": token})  # noqa: S310 - checked above
        try:
            with urlopen(request, timeout=_TIMEOUT_S) as response:  # noqa: S310 - the same
                value = json.loads(response.read(1 << 20))["data"]["data"].get(name)
            return Found(value if isinstance(value, str) else None, looked)
        except HTTPError as error:
            with error:
                return Found(None, looked if error.code == _NOT_FOUND else f"{looked} (status {error.code})")
        except (URLError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            return Found(None, f"{looked} ({type(error).__name__})")


class AwsSource:
    """AWS Secrets Manager; needs the extra ``[aws]``, and its own configuration."""

    def __init__(self, prefix: str = "aurora/") -> None:
        self._prefix = prefix

    def find(self, name: str) -> Found:
        """The secret's text."""
        looked = f"AWS Secrets Manager's {self._prefix}{name}"
        try:
            boto3: Any = importlib.import_module("boto3")
        except ModuleNotFoundError:
            return Found(None, f"{looked} (not installed: pip install 'aurora-resilience[aws]')")
        try:
            answer = boto3.client("secretsmanager").get_secret_value(SecretId=f"{self._prefix}{name}")
            return Found(answer.get("SecretString"), looked)
        except Exception as error:  # noqa: BLE001 - botocore makes its errors as it runs
            return Found(None, f"{looked} ({type(error).__name__})")


class SecretChain:
    """Sources in order, of which the first that has a secret gives it, kept for ``ttl_s`` seconds.

    Threads may share one.
    """

    def __init__(
        self, sources: Sequence[SecretSource], ttl_s: float = 300.0, *, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self._sources = sources
        self._ttl_s = ttl_s
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[str, tuple[Secret, float]] = {}

    def get(self, name: str) -> Secret:
        """The secret. ``SecretNotFound`` names where it was looked for, and nothing else."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None and self._clock.now() - kept[1] < self._ttl_s:
                return kept[0]
        looked = []
        for source in self._sources:
            found = source.find(name)
            if found.text:
                secret = Secret(found.text)
                with self._lock:
                    self._kept[name] = (secret, self._clock.now())
                return secret
            looked.append(found.looked)
        raise SecretNotFound(name, looked)

    def forget(self) -> None:
        """Look anew from now on, as after a rotation."""
        with self._lock:
            self._kept.clear()


_SOURCES: Final[Mapping[SecretPlace, Callable[[], SecretSource]]] = {
    "environment": EnvironmentSource,
    "file": FileSource,
    "keyring": KeyringSource,
    "vault": VaultSource,
    "aws": AwsSource,
}


def chain_of(places: Sequence[SecretPlace], ttl_s: float = 300.0) -> SecretChain:
    """The chain that ``security.secret_sources`` and ``security.secret_ttl`` of the settings name."""
    return SecretChain([_SOURCES[place]() for place in places], ttl_s)


_DEFAULT: Final = SecretChain((EnvironmentSource(), FileSource()))


def get_secret(name: str, chain: SecretChain = _DEFAULT) -> str:
    """The secret's text, from the environment or a file where no other chain is given."""
    return chain.get(name).reveal()
