"""``[alerts]``: what is worth waking someone for, and who that is."""

from typing import Annotated, Literal

from pydantic import Field

from aurora_core.alerting import AlertRule, AlertSeverity
from aurora_core.alerting.rules import Comparison
from aurora_core.alerting.state import CLEAR_FOR_S, DEFAULT_WATCHES, Watch
from aurora_core.config.quantities import Count, Names, OptionalSecret, Rows, Seconds
from aurora_core.config.sections.base import Section
from aurora_core.time_units import HOUR_S
from aurora_core.types import ChannelType

Severity = Literal["info", "warning", "critical"]


class Rule(Section):
    """An alert rule."""

    name: str = Field(min_length=1, description="its name, told in the message")
    metric: str = Field(min_length=1, description="the figure that it watches, as get_metrics() names it")
    comparison: Comparison = Field(description="gt, lt, gte or lte: how the figure compares when it fires")
    threshold: float = Field(description="what it is compared with; shares are from 0 to 1")
    severity: Severity = Field("warning", description="info, warning or critical")
    description: str = Field("", description="what it means, for whoever is woken")
    window: Seconds = Field(300.0, gt=0, description="the stretch of time that the figure is of")
    minimum_calls: Count = Field(1, ge=1, description="calls in the window below which it is silent")
    for_: Seconds = Field(0.0, ge=0, alias="for", description="how long it must hold before it fires")
    clear_for: Seconds = Field(
        CLEAR_FOR_S, ge=0, description="how long it must be clear before it is resolved"
    )

    def watch(self) -> Watch:
        """The rule as alerting takes it, and how it is watched."""
        rule = AlertRule(
            self.name,
            self.metric,
            self.threshold,
            self.comparison,
            AlertSeverity(self.severity),
            self.description,
        )
        return Watch(rule, self.window, self.minimum_calls, self.for_, self.clear_for)


class Channel(Section):
    """Somewhere a message can go."""

    type: ChannelType = Field(description="log, slack, pagerduty, webhook, smtp or apprise")
    url: OptionalSecret = Field(None, description="its address; it often holds a token, so name a variable")
    key: OptionalSecret = Field(None, description="PagerDuty's routing key")


class Routes(Section):
    """For each severity the channels that hear of it; ``log`` is always there."""

    info: Names = Field(("log",), description="channels for severity info")
    warning: Names = Field(("log",), description="channels for severity warning")
    critical: Names = Field(("log",), description="channels for severity critical")


class Alerts(Section):
    """Rules, channels, and which severity goes where."""

    default_rules: bool = Field(True, description="whether the guide's four rules are watched")
    every: Seconds = Field(30.0, ge=1, description="how often the rules are looked at")
    timeout: Seconds = Field(5.0, gt=0, le=60, description="longest that a channel may take for a message")
    give_up_after: Seconds = Field(
        24.0 * HOUR_S, ge=60, description="how long a message that a channel does not take is tried again"
    )
    rules: Annotated[tuple[Rule, ...], Rows] = Field((), description="rules of your own")
    routes: Routes = Field(default_factory=Routes, description="for each severity its channels")
    channels: dict[str, Channel] = Field(default_factory=dict, description="channels by name")

    def watches(self) -> tuple[Watch, ...]:
        """All rules and how they are watched, the guide's first."""
        defaults = DEFAULT_WATCHES if self.default_rules else ()
        return (*defaults, *(rule.watch() for rule in self.rules))

    def alert_rules(self) -> tuple[AlertRule, ...]:
        """All rules that are watched, the guide's first."""
        return tuple(watch.rule for watch in self.watches())

    def told(self, severity: AlertSeverity) -> tuple[str, ...]:
        """The channels that hear of a severity, each once."""
        return tuple(dict.fromkeys(getattr(self.routes, severity.value)))
