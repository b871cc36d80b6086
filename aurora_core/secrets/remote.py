"""Sources that are asked over a wire. None is waited for without end."""

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

from aurora_core.secrets.chain import Found
from aurora_core.secrets.patience import Patience

_VAULT_S: Final = 5.0
_AWS_S: Final = 10.0
_KEYRING_S: Final = 60.0
"""Somebody may have to type a password."""
_NOT_FOUND: Final = 404


class KeyringSource:
    """The system's keyring, under the service ``aurora``; needs the extra ``[keyring]``."""

    def __init__(self, service: str = "aurora") -> None:
        self._service = service
        self._patience = Patience(_KEYRING_S)

    def find(self, name: str) -> Found:
        """The password of that name."""
        looked = f"the keyring's service {self._service}"
        try:
            keyring: Any = importlib.import_module("keyring")
        except ModuleNotFoundError:
            return Found(None, f"{looked} (not installed: pip install 'aurora-resilience[keyring]')")
        try:
            return self._patience.ask(
                looked, lambda: Found(keyring.get_password(self._service, name), looked)
            )
        except Exception as error:  # noqa: BLE001 - a backend raises what the system's library does
            return Found(None, f"{looked} ({type(error).__name__})")


class VaultSource:
    """HashiCorp Vault's KV version 2: a key of ``path``, at ``VAULT_ADDR`` with ``VAULT_TOKEN``.

    A redirect is not followed: the token is Vault's only.
    """

    def __init__(
        self, path: str = "aurora", mount: str = "secret", environ: Mapping[str, str] | None = None
    ) -> None:
        self._place = f"v1/{quote(mount)}/data/{quote(path)}"
        self._environ = os.environ if environ is None else environ
        self._patience = Patience(_VAULT_S)

    def find(self, name: str) -> Found:
        """Ask Vault; five seconds at most."""
        address, token = self._environ.get("VAULT_ADDR", ""), self._environ.get("VAULT_TOKEN", "")
        looked = f"Vault's {self._place}"
        if not address.startswith(("http://", "https://")) or not token:
            return Found(None, f"{looked} (VAULT_ADDR and VAULT_TOKEN are not set)")
        try:
            url = f"{address.rstrip('/')}/{self._place}"
            request = Request(url, headers={"X-Vault-Token": token})  # noqa: S310 - checked above
            return self._patience.ask(looked, lambda: Found(self._asked(request, name), looked))
        except HTTPError as error:
            with error:
                return Found(None, looked if error.code == _NOT_FOUND else f"{looked} (status {error.code})")
        except (
            OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError, RecursionError
        ) as error:  # fmt: skip
            return Found(None, f"{looked} ({type(error).__name__})")

    def _asked(self, request: Request, name: str) -> str | None:
        with build_opener(_StayHere).open(request, timeout=_VAULT_S) as response:
            value = json.loads(response.read(1 << 20))["data"]["data"].get(name)
        return value if isinstance(value, str) else None


class _StayHere(HTTPRedirectHandler):
    """Would send the token along, to whatever host the answer names."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        """None: the status stands as it is."""


class AwsSource:
    """AWS Secrets Manager; needs the extra ``[aws]``, and its own configuration."""

    def __init__(self, prefix: str = "aurora/") -> None:
        self._prefix = prefix
        self._patience = Patience(_AWS_S)

    def find(self, name: str) -> Found:
        """The secret's text; ten seconds at most, one retry included."""
        looked = f"AWS Secrets Manager's {self._prefix}{name}"
        try:
            boto3: Any = importlib.import_module("boto3")
            config: Any = importlib.import_module("botocore.config").Config(
                connect_timeout=_AWS_S / 2,
                read_timeout=_AWS_S / 2,
                retries={"total_max_attempts": 2, "mode": "standard"},
            )
        except ModuleNotFoundError:
            return Found(None, f"{looked} (not installed: pip install 'aurora-resilience[aws]')")
        # At DEBUG it writes each answer into the log, and so the secret.
        logging.getLogger("botocore.parsers").setLevel(logging.INFO)

        def asked() -> Found:  # threads must not share a session
            client = boto3.session.Session().client("secretsmanager", config=config)
            answer = client.get_secret_value(SecretId=f"{self._prefix}{name}")
            return Found(answer.get("SecretString"), looked)

        try:
            return self._patience.ask(looked, asked)
        except Exception as error:  # noqa: BLE001 - botocore makes its errors as it runs
            return Found(None, f"{looked} ({type(error).__name__})")
