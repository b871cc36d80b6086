"""Secrets: the type that never prints itself, masking, and the sources that secrets come from."""

from collections.abc import Sequence
from typing import Final

from aurora_core.secrets.chain import Lookup, SecretChain, SecretSource
from aurora_core.secrets.local import EnvironmentSource, FileSource
from aurora_core.secrets.masking import Masker, contains_secret
from aurora_core.secrets.secret import Secret
from aurora_core.types import SecretSourceName

__all__ = [
    "EnvironmentSource",
    "FileSource",
    "Lookup",
    "Masker",
    "Secret",
    "SecretChain",
    "SecretSource",
    "build_chain",
    "contains_secret",
    "get_secret",
]


def build_chain(names: Sequence[SecretSourceName], ttl_s: float = 300.0) -> SecretChain:
    """Build the chain that ``security.secret_sources`` and ``security.secret_ttl`` describe."""
    return SecretChain([_build_source(name) for name in names], ttl_s)


def _build_source(name: SecretSourceName) -> SecretSource:
    if name == "environment":
        return EnvironmentSource()
    if name == "file":
        return FileSource()
    # HTTP comes with them; the tool and most services mask text and never ask a remote source.
    from aurora_core.secrets.remote import AwsSource, KeyringSource, VaultSource  # noqa: PLC0415

    remote: dict[str, type[SecretSource]] = {
        "keyring": KeyringSource,
        "vault": VaultSource,
        "aws": AwsSource,
    }
    return remote[name]()


_DEFAULT: Final = SecretChain((EnvironmentSource(), FileSource()))


def get_secret(name: str, chain: SecretChain = _DEFAULT) -> str:
    """Return the secret's text, from the environment or a file unless another chain is given.

    Raises ``SecretNotFound``, which lists the sources that were searched.
    """
    return chain.get(name).reveal()
