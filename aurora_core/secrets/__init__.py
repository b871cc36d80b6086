"""Where a secret is: the environment, a file, the system's keyring, HashiCorp Vault, AWS Secrets Manager."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from aurora_core.secrets.chain import Found, SecretChain, SecretSource
from aurora_core.secrets.local import EnvironmentSource, FileSource
from aurora_core.secrets.remote import AwsSource, KeyringSource, VaultSource
from aurora_core.types import SecretSourceName

__all__ = [
    "AwsSource",
    "EnvironmentSource",
    "FileSource",
    "Found",
    "KeyringSource",
    "SecretChain",
    "SecretSource",
    "VaultSource",
    "chain_of",
    "get_secret",
]

_SOURCES: Final[Mapping[SecretSourceName, Callable[[], SecretSource]]] = {
    "environment": EnvironmentSource,
    "file": FileSource,
    "keyring": KeyringSource,
    "vault": VaultSource,
    "aws": AwsSource,
}


def chain_of(places: Sequence[SecretSourceName], ttl_s: float = 300.0) -> SecretChain:
    """The chain that ``security.secret_sources`` and ``security.secret_ttl`` of the settings name."""
    return SecretChain([_SOURCES[place]() for place in places], ttl_s)


_DEFAULT: Final = SecretChain((EnvironmentSource(), FileSource()))


def get_secret(name: str, chain: SecretChain = _DEFAULT) -> str:
    """The secret's text, from the environment or a file where no other chain is given."""
    return chain.get(name).reveal()
