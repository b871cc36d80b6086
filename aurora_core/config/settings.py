"""All settings of the service and of its tool, in one model."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from pydantic import Field

from aurora_core.config.catalogue import Setting, settings_of
from aurora_core.config.discovery import discover
from aurora_core.config.layered import merge_layers
from aurora_core.config.origin import Layer
from aurora_core.config.sections.alerts import Alerts
from aurora_core.config.sections.base import Section
from aurora_core.config.sections.breaker import Breaker
from aurora_core.config.sections.cache import Cache
from aurora_core.config.sections.llm import Llm
from aurora_core.config.sections.logging import Logging
from aurora_core.config.sections.metrics import Metrics
from aurora_core.config.sections.preflight import Preflight
from aurora_core.config.sections.rate_limit import RateLimit
from aurora_core.config.sections.retry import Retry
from aurora_core.config.sections.security import Security
from aurora_core.config.sections.simulate import Simulate
from aurora_core.config.sections.sla import Sla
from aurora_core.config.sections.store import Store
from aurora_core.config.sources import ConfigSourceError, env_file_layers, environment_layers, file_layer
from aurora_core.config.toml_text import TomlSyntaxError
from aurora_core.errors import ConfigurationError
from aurora_core.providers import key_owners
from aurora_core.secrets import Masker

_VARIABLES: Final = {
    **{f"llm.{field}": owner.key_variable for field, owner in key_owners().items()},
    "llm.model": "OPENAI_MODEL",
    "llm.max_tokens": "OPENAI_MAX_TOKENS",
    "retry.max_retries": "AURORA_MAX_RETRIES",
    "logging.level": "AURORA_LOG_LEVEL",
    "security.scan": "AURORA_ENABLE_SECURITY_SCAN",
    "security.max_query_length": "AURORA_MAX_QUERY_LENGTH",
}
"""Names of the guide and of providers, which win over ``AURORA_<SECTION>_<KEY>`` in the same source."""


class Settings(Section):
    """Every setting; the defaults are the guide's values."""

    llm: Llm = Field(default_factory=Llm, description="the provider, and the client that calls it")
    rate_limit: RateLimit = Field(default_factory=RateLimit, description="requests per minute")
    retry: Retry = Field(default_factory=Retry, description="how often a failed attempt is retried")
    breaker: Breaker = Field(default_factory=Breaker, description="when calls to a failing provider stop")
    cache: Cache = Field(default_factory=Cache, description="stored answers")
    metrics: Metrics = Field(default_factory=Metrics, description="metrics, and the port that exposes them")
    alerts: Alerts = Field(default_factory=Alerts, description="alert rules, routes and channels")
    sla: Sla = Field(default_factory=Sla, description="targets and alert thresholds")
    store: Store = Field(default_factory=Store, description="where metrics are stored")
    security: Security = Field(default_factory=Security, description="queries, generated code, secrets")
    logging: Logging = Field(default_factory=Logging, description="the log of the service")
    simulate: Simulate = Field(default_factory=Simulate, description="defaults of a replay")
    preflight: Preflight = Field(default_factory=Preflight, description="the deployment checklist")

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        *,
        env_file: str | Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Self:
        """Load the effective settings: defaults, the file, ``env_file``, the environment; later ones win.

        Without a path the file is the first of ``AURORA_CONFIG``, ``./aurora.toml``, the user's folder and
        ``/etc/aurora``, as in the tool. Raises ``ConfigurationError`` with the location of every invalid
        value; one that another value overrides is reported by ``aurora check-config`` only.
        """
        environ = os.environ if environ is None else environ
        file = discover(None if path is None else Path(path), environ)
        try:
            layers = read_layers(file, None if env_file is None else Path(env_file), environ)
        except ConfigSourceError as error:
            raise ConfigurationError([str(error)]) from None
        except TomlSyntaxError as error:
            raise ConfigurationError([f"{file}:{error.line}:{error.column}: {error.message}"]) from None
        total = merge_layers(cls, SETTINGS, layers, environ)
        masker = Masker()
        messages = [
            masker.mask(f"{problem.origin}: {problem.message}")
            for problem in total.problems
            if not problem.hidden_by
        ]
        if messages:
            raise ConfigurationError(messages)
        return total.settings

    def database_files(self) -> dict[str, Path]:
        """Map each setting that names a SQLite file to that file; a store on a server has none."""
        files = {"store.url": self.store.file, "cache.path": self.cache.path}
        return {key: path for key, path in files.items() if path is not None}

    def known_secrets(self) -> list[str]:
        """Return the texts of all secrets in the settings, for masking."""
        channels = self.alerts.channels.values()
        of_channels = [secret for channel in channels for secret in (channel.url, channel.key) if secret]
        return [secret.reveal() for secret in (*self.llm.api_keys(), *of_channels)]


SETTINGS: Final[Sequence[Setting]] = tuple(settings_of(Settings, _VARIABLES))


def read_layers(file: Path | None, env_file: Path | None, environ: Mapping[str, str]) -> list[Layer]:
    """Return the layers, the weakest first. Raises ``ConfigSourceError`` or ``TomlSyntaxError``."""
    layers = [] if file is None else [file_layer(file)]
    if env_file is not None:
        layers += env_file_layers(env_file, SETTINGS)
    return [*layers, *environment_layers(environ, SETTINGS)]
