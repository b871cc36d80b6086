"""All settings of the service and of its tool, in one model."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from pydantic import Field

from aurora_core.config.catalogue import Setting, settings_of
from aurora_core.config.discovery import discover
from aurora_core.config.layered import layered
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
from aurora_core.config.sources import SourceUnreadable, env_file_layer, environment_layer, file_layer
from aurora_core.config.toml_text import TomlProblem
from aurora_core.errors import ConfigurationError
from aurora_core.security import Masker

VARIABLES: Final = {
    "llm.openai_api_key": "OPENAI_API_KEY",
    "llm.anthropic_api_key": "ANTHROPIC_API_KEY",
    "llm.model": "OPENAI_MODEL",
    "llm.max_tokens": "OPENAI_MAX_TOKENS",
    "retry.max_retries": "AURORA_MAX_RETRIES",
    "logging.level": "AURORA_LOG_LEVEL",
    "security.scan": "AURORA_ENABLE_SECURITY_SCAN",
    "security.max_query_length": "AURORA_MAX_QUERY_LENGTH",
}
"""Names that guide and providers gave; any other variable is ``AURORA_<SECTION>_<KEY>``."""


class Settings(Section):
    """Every setting, with the guide's value where nothing says otherwise."""

    llm: Llm = Field(default_factory=Llm, description="the provider, and the client that calls it")
    rate_limit: RateLimit = Field(default_factory=RateLimit, description="how many requests a minute")
    retry: Retry = Field(default_factory=Retry, description="how often a failed attempt is made again")
    breaker: Breaker = Field(default_factory=Breaker, description="when calls to a failing provider stop")
    cache: Cache = Field(default_factory=Cache, description="answers that are kept")
    metrics: Metrics = Field(default_factory=Metrics, description="what is counted, and where it is shown")
    alerts: Alerts = Field(default_factory=Alerts, description="what is worth waking someone for")
    sla: Sla = Field(default_factory=Sla, description="what is promised")
    store: Store = Field(default_factory=Store, description="where metrics are kept")
    security: Security = Field(default_factory=Security, description="what may come in, what is looked at")
    logging: Logging = Field(default_factory=Logging, description="what the service writes about itself")
    simulate: Simulate = Field(default_factory=Simulate, description="what a replay takes for granted")
    preflight: Preflight = Field(default_factory=Preflight, description="the deployment checklist")

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        *,
        env_file: str | Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Self:
        """The settings that hold: defaults, the file, ``env_file``, the environment, the later the stronger.

        Without a path the file is looked for as the tool looks for it: ``AURORA_CONFIG``, ``./aurora.toml``,
        the user's folder, ``/etc/aurora``. Raises ``ConfigurationError`` that names all that is wrong, and
        where; a wrong value that another hides is only told by ``aurora check-config``.
        """
        environ = os.environ if environ is None else environ
        file = discover(None if path is None else Path(path), environ)
        try:
            layers = read_layers(file, None if env_file is None else Path(env_file), environ)
        except SourceUnreadable as error:
            raise ConfigurationError([str(error)]) from None
        except TomlProblem as error:
            raise ConfigurationError([f"{file}:{error.line}:{error.column}: {error.message}"]) from None
        total = layered(cls, SETTINGS, layers, environ)
        told = (f"{problem.origin}: {problem.message}" for problem in total.problems if not problem.hidden_by)
        wrong = [Masker().mask(sentence) for sentence in told]
        if wrong:
            raise ConfigurationError(wrong)
        return total.settings

    def database_files(self) -> dict[str, Path]:
        """Map each setting that names a SQLite file to that file; a store on a server has none."""
        files = {"store.url": self.store.file, "cache.path": self.cache.path}
        return {key: path for key, path in files.items() if path is not None}

    def known_secrets(self) -> list[str]:
        """The texts of all secrets in the settings: what no log, message or page may hold."""
        channels = self.alerts.channels.values()
        held = [self.llm.openai_api_key, self.llm.anthropic_api_key]
        held += [secret for channel in channels for secret in (channel.url, channel.key)]
        return [secret.reveal() for secret in held if secret is not None]


SETTINGS: Final[Sequence[Setting]] = tuple(settings_of(Settings, VARIABLES))


def read_layers(file: Path | None, env_file: Path | None, environ: Mapping[str, str]) -> list[Layer]:
    """The layers that there are, from the lowest up. Raises ``SourceUnreadable`` or ``TomlProblem``."""
    layers = [] if file is None else [file_layer(file)]
    if env_file is not None:
        layers.append(env_file_layer(env_file, SETTINGS))
    return [*layers, environment_layer(environ, SETTINGS)]
