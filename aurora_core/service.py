"""From the settings to what a service calls through."""

from contextlib import ExitStack
from types import TracebackType
from typing import Self, TextIO

from aurora_core.alerting import Alerting
from aurora_core.cache import QueryCache
from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.config import Settings, policies
from aurora_core.config.sections.rate_limit import Tier
from aurora_core.errors import ConfigurationError
from aurora_core.guards.generated_code import sanitize_code_output
from aurora_core.guards.query import validate_query
from aurora_core.logs import configure_logging
from aurora_core.metrics import MetricsCollector
from aurora_core.resilience.breaker import CircuitBreaker
from aurora_core.resilience.budget import RetryBudget
from aurora_core.resilience.limiter import RateLimiter
from aurora_core.resilience.pipeline import Pipeline
from aurora_core.resilience.retry import RetryHandler
from aurora_core.secrets import build_chain
from aurora_core.store import Retention, open_store


class Service:
    """A pipeline for each tier, the cache before them, and what watches them, all as the settings say.

    ``metrics`` is None where ``metrics.enabled`` is false; else they go into the store, too. Without
    ``settings`` they are loaded, which raises ``ConfigurationError`` where they are not valid. Make one for
    a process: its threads and tasks share it. Close it in the end, or use it as a context manager.
    """

    def __init__(self, settings: Settings | None = None, *, clock: Clock = SYSTEM_CLOCK) -> None:
        self.settings = Settings.load() if settings is None else settings
        self._clock = clock
        self._closing = ExitStack()
        self.metrics = self._make_metrics() if self.settings.metrics.enabled else None
        cache = self.settings.cache
        self.cache = QueryCache(cache.hot_size, cache.ttl, cache.path, metrics=self.metrics, clock=clock)
        self._closing.callback(self.cache.close)
        self.secrets = build_chain(self.settings.security.secret_sources, self.settings.security.secret_ttl)
        self.alerting = Alerting(self.settings.alerts.alert_rules())
        self._retry = self._make_retry()
        self._limiters: dict[str, RateLimiter] = {}
        self._breakers: dict[str, CircuitBreaker] = {}
        limit = self.settings.rate_limit
        self._tiers = [self._make_pipeline(f"{tier.provider}/{tier.model}", tier) for tier in limit.tiers]
        self._other_models = self._make_pipeline("default")
        llm = self.settings.llm
        self.pipeline = self.pipeline_for(llm.provider, llm.model)

    def pipeline_for(self, provider: str, model: str) -> Pipeline:
        """The pipeline of the first tier that has the model; that of ``[rate_limit]`` where none has."""
        index = policies.tier_index(self.settings.rate_limit, model, provider)
        return self._other_models if index is None else self._tiers[index]

    def configure_logging(self, stream: TextIO | None = None) -> None:
        """:func:`aurora_core.logs.configure_logging` as ``[logging]`` says, the settings' secrets masked."""
        logging = self.settings.logging
        secrets = self.settings.known_secrets()
        configure_logging(logging.level, logging.format, stream=stream, secrets=secrets)

    def validate_query(self, query: str) -> str:
        """:func:`aurora_core.guards.query.validate_query` with the limits of ``[security]``."""
        limits = self.settings.security
        return validate_query(query, max_length=limits.max_query_length, max_bytes=limits.max_query_bytes)

    def sanitize_code(self, code: str) -> str:
        """:func:`sanitize_code_output` where ``security.scan`` says so; else the code as it is."""
        return sanitize_code_output(code) if self.settings.security.scan else code

    def serve_metrics(self) -> bool:
        """Let Prometheus read the metrics on ``metrics.port``; false where another worker has the port.

        Needs the extra ``[metrics]``. Raises ``ConfigurationError`` without it, and where ``metrics.enabled``
        is false.
        """
        if self.metrics is None:
            raise ConfigurationError(["`metrics.enabled` is false: there is nothing to serve"])
        try:
            from aurora_core.metrics.exposition import Exposition, serve_metrics  # noqa: PLC0415 - an extra brings it
        except ModuleNotFoundError as error:
            install = "pip install 'aurora-resilience[metrics]'"
            raise ConfigurationError([f"the metrics port needs {error.name}: {install}"]) from None
        sla = self.settings.sla
        exposition = Exposition(
            self.metrics.totals,
            target_ms=sla.p95_latency_ms,
            availability=sla.availability,
            breakers=self._breakers,
            limiters=self._limiters,
        )
        stop = serve_metrics(self.settings.metrics.port, exposition)
        if stop is not None:
            self._closing.callback(stop)
        return stop is not None

    def watch_alerts(self) -> None:
        """Evaluate the alert rules every ``alerts.evaluation_interval``, and notify their channels.

        In threads of its own, off the request path. What is told is kept in the store: a restart repeats
        nothing, and each worker may do it. Raises ``ConfigurationError`` where ``metrics.enabled`` is false.
        """
        from aurora_core.alerting.factory import build_alert_service  # noqa: PLC0415 - only if they are

        if self.metrics is None:
            raise ConfigurationError(["`metrics.enabled` is false: there is nothing to watch"])
        alerts = build_alert_service(self.settings, self._clock)
        alerts.start()
        self._closing.callback(alerts.stop)

    def close(self) -> None:
        """Stop what was started, write what is left, give the files back; whatever is called later works."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _make_pipeline(self, name: str, tier: Tier | None = None) -> Pipeline:
        limit = self.settings.rate_limit
        limiter = RateLimiter.from_policy(policies.limiter_policy(limit, tier), clock=self._clock)
        self._limiters[name] = limiter
        return Pipeline(
            retry=self._retry,
            breaker=self._make_breaker(name),
            limiter=limiter,
            metrics=self.metrics,
            limit_per=limit.per,
            clock=self._clock,
        )

    def _make_breaker(self, name: str) -> CircuitBreaker | None:
        policy = policies.breaker_policy(self.settings.breaker)
        if policy is None:
            return None
        breaker = self._breakers[name] = CircuitBreaker.from_policy(policy, clock=self._clock)
        return breaker

    def _make_metrics(self) -> MetricsCollector:
        store, llm = self.settings.store, self.settings.llm
        kept = open_store(store.location, Retention(store.keep_minutes, store.keep_hours))
        # Tiers call other models through the same collector: then it has no one name to record under.
        model = "" if self.settings.rate_limit.tiers else llm.model
        collector = MetricsCollector(
            self.settings.sla.p95_latency_ms, store=kept, model=model, clock=self._clock
        )
        self._closing.callback(kept.close)
        self._closing.callback(collector.close)
        return collector

    def _make_retry(self) -> RetryHandler:
        retry = self.settings.retry
        budget = policies.budget_policy(retry)
        return RetryHandler.from_policy(
            policies.retry_policy(retry),
            budget=None if budget is None else RetryBudget.from_policy(budget),
            clock=self._clock,
        )
