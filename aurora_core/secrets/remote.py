"""Secret sources on other machines or behind a prompt. Each has a time limit."""

import importlib
import json
import logging
import os
from collections.abc import Mapping
from http.client import HTTPException
from typing import IO, Any, Final
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

from aurora_core.secrets.chain import Lookup
from aurora_core.secrets.with_timeout import BoundedCall

_VAULT_S: Final = 5.0
_AWS_S: Final = 10.0
_KEYRING_S: Final = 60.0
"""A person may have to type a password."""
_NOT_FOUND: Final = 404


class KeyringSource:
    """The system's keyring, service ``aurora``; needs the extra ``[keyring]``."""

    def __init__(self, service: str = "aurora") -> None:
        self._service = service
        self._bounded = BoundedCall(_KEYRING_S)

    def find(self, name: str) -> Lookup:
        """Read the password of that name."""
        source = f"the keyring's service {self._service}"
        try:
            keyring: Any = importlib.import_module("keyring")
        except ModuleNotFoundError:
            return Lookup(None, f"{source} (not installed: pip install 'aurora-resilience[keyring]')")
        try:
            return self._bounded.run(
                source, lambda: Lookup(keyring.get_password(self._service, name), source)
            )
        except Exception as error:  # noqa: BLE001 - a backend raises the errors of the system's library
            return Lookup(None, f"{source} ({type(error).__name__})")


class VaultSource:
    """HashiCorp Vault's KV version 2: a key of ``path``, at ``VAULT_ADDR`` with ``VAULT_TOKEN``.

    Redirects are not followed: they would carry the token to another host.
    """

    def __init__(
        self, path: str = "aurora", mount: str = "secret", environ: Mapping[str, str] | None = None
    ) -> None:
        self._path = f"v1/{quote(mount)}/data/{quote(path)}"
        self._environ = os.environ if environ is None else environ
        self._bounded = BoundedCall(_VAULT_S)

    def find(self, name: str) -> Lookup:
        """Ask Vault, for at most five seconds."""
        address, token = self._environ.get("VAULT_ADDR", ""), self._environ.get("VAULT_TOKEN", "")
        source = f"Vault's {self._path}"
        if not address.startswith(("http://", "https://")) or not token:
            return Lookup(None, f"{source} (VAULT_ADDR and VAULT_TOKEN are not set)")
        try:
            url = f"{address.rstrip('/')}/{self._path}"
            request = Request(url, headers={"X-Vault-Token": token})  # noqa: S310 - checked above
            return self._bounded.run(source, lambda: Lookup(self._fetch(request, name), source))
        except HTTPError as error:
            with error:
                return Lookup(None, source if error.code == _NOT_FOUND else f"{source} (status {error.code})")
        except (
            OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError, RecursionError
        ) as error:  # fmt: skip
            return Lookup(None, f"{source} ({type(error).__name__})")

    def _fetch(self, request: Request, name: str) -> str | None:
        with build_opener(_NoRedirect).open(request, timeout=_VAULT_S) as response:
            value = json.loads(response.read(1 << 20))["data"]["data"].get(name)
        return value if isinstance(value, str) else None


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would send the token to the host that the answer names."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        """Return None, so that the redirect's status is the answer."""


class AwsSource:
    """AWS Secrets Manager; needs the extra ``[aws]`` and AWS's own configuration."""

    def __init__(self, prefix: str = "aurora/") -> None:
        self._prefix = prefix
        self._bounded = BoundedCall(_AWS_S)

    def find(self, name: str) -> Lookup:
        """Ask AWS, for at most ten seconds including one retry."""
        source = f"AWS Secrets Manager's {self._prefix}{name}"
        try:
            boto3: Any = importlib.import_module("boto3")
            config: Any = importlib.import_module("botocore.config").Config(
                connect_timeout=_AWS_S / 2,
                read_timeout=_AWS_S / 2,
                retries={"total_max_attempts": 2, "mode": "standard"},
            )
        except ModuleNotFoundError:
            return Lookup(None, f"{source} (not installed: pip install 'aurora-resilience[aws]')")
        # At DEBUG it logs each answer, and so the secret.
        logging.getLogger("botocore.parsers").setLevel(logging.INFO)

        def fetch() -> Lookup:  # a session must not be shared by threads
            client = boto3.session.Session().client("secretsmanager", config=config)
            answer = client.get_secret_value(SecretId=f"{self._prefix}{name}")
            return Lookup(answer.get("SecretString"), source)

        try:
            return self._bounded.run(source, fetch)
        except Exception as error:  # noqa: BLE001 - botocore creates its error classes at run time
            return Lookup(None, f"{source} ({type(error).__name__})")
