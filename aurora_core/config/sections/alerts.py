"""``[alerts]``: alert rules, channels, and which severity notifies which channels."""

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from aurora_core.alerting import AlertRule, AlertSeverity
from aurora_core.alerting.channels.registry import CHANNELS
from aurora_core.alerting.rules import Comparison
from aurora_core.alerting.state import DEFAULT_RULE_CONFIGS, KEEP_FIRING_FOR_S, RuleConfig
from aurora_core.config.field_types import Count, Names, OptionalSecret, Rows, Seconds
from aurora_core.config.sections.base import Section
from aurora_core.time_units import HOUR_S

Severity = Literal["info", "warning", "critical"]

_CHANNEL_TYPES: Final = tuple(CHANNELS)

if TYPE_CHECKING:
    ChannelType = str
else:  # a new channel is one file, so its type is in no list that a type checker could read
    ChannelType = Literal[_CHANNEL_TYPES]


class Rule(Section):
    """An alert rule."""

    name: str = Field(min_length=1, description="its name, part of each notification")
    metric: str = Field(min_length=1, description="the metric that it evaluates, as get_metrics() names it")
    comparison: Comparison = Field(
        description="gt, lt, gte or lte: how the metric compares with the threshold when it fires"
    )
    threshold: float = Field(description="what the metric is compared with; shares are from 0 to 1")
    severity: Severity = Field("warning", description="info, warning or critical")
    description: str = Field("", description="what it means, for the person on call")
    window: Seconds = Field(300.0, gt=0, description="the time that the metric covers")
    minimum_calls: Count = Field(1, ge=1, description="calls in the window below which it does not fire")
    for_: Seconds = Field(0.0, ge=0, alias="for", description="how long it must hold before it fires")
    keep_firing_for: Seconds = Field(
        KEEP_FIRING_FOR_S, ge=0, description="how long it must be clear before it is resolved"
    )

    def watch(self) -> RuleConfig:
        """Return the rule and how it is evaluated."""
        rule = AlertRule(
            self.name,
            self.metric,
            self.threshold,
            self.comparison,
            AlertSeverity(self.severity),
            self.description,
        )
        return RuleConfig(rule, self.window, self.minimum_calls, self.for_, self.keep_firing_for)


class Channel(Section):
    """Somewhere to send notifications."""

    type: ChannelType = Field(description=f"{', '.join(_CHANNEL_TYPES[:-1])} or {_CHANNEL_TYPES[-1]}")
    url: OptionalSecret = Field(None, description="its URL; it often holds a token, so name a variable")
    key: OptionalSecret = Field(None, description="PagerDuty's routing key")


class Routes(Section):
    """The channels of each severity; ``log`` always exists."""

    info: Names = Field(("log",), description="channels for severity info")
    warning: Names = Field(("log",), description="channels for severity warning")
    critical: Names = Field(("log",), description="channels for severity critical")


class Alerts(Section):
    """Rules, channels and routes."""

    default_rules: bool = Field(True, description="whether the guide's four rules are evaluated")
    evaluation_interval: Seconds = Field(30.0, ge=1, description="how often the rules are evaluated")
    timeout: Seconds = Field(5.0, gt=0, le=60, description="longest that a channel may take for a message")
    give_up_after: Seconds = Field(
        24.0 * HOUR_S, ge=60, description="how long the delivery of a message is retried"
    )
    rules: Annotated[tuple[Rule, ...], Rows] = Field((), description="custom rules")
    routes: Routes = Field(default_factory=Routes, description="the channels of each severity")
    channels: dict[str, Channel] = Field(default_factory=dict, description="channels by name")

    def watches(self) -> tuple[RuleConfig, ...]:
        """Return all rules and how they are evaluated, the guide's first."""
        defaults = DEFAULT_RULE_CONFIGS if self.default_rules else ()
        return (*defaults, *(rule.watch() for rule in self.rules))

    def alert_rules(self) -> tuple[AlertRule, ...]:
        """Return all rules, the guide's first."""
        return tuple(watch.rule for watch in self.watches())

    def channels_for(self, severity: AlertSeverity) -> tuple[str, ...]:
        """Return the channels of a severity, each once."""
        return tuple(dict.fromkeys(getattr(self.routes, severity.value)))
