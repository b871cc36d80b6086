"""Scenarios from loose numbers, also from such as a configuration file would not be allowed to have."""

from aurora_cli.simulate import Scenario
from aurora_core.config.sections.breaker import Breaker
from aurora_core.config.sections.rate_limit import RateLimit
from aurora_core.config.sections.retry import Retry


def scenario(*, rate_limit=None, retry=None, breaker=None, **numbers):
    """The default settings but for these; ``rpm=None`` and ``failure_threshold=None`` switch off."""
    sections = {
        "rate_limit": dict(rate_limit or {}),
        "retry": dict(retry or {}),
        "breaker": dict(breaker or {}),
    }
    models = {"rate_limit": RateLimit, "retry": Retry, "breaker": Breaker}
    for name, value in numbers.items():
        (home,) = (section for section, model in models.items() if name in model.model_fields)
        sections[home][name] = value
    limit, threshold = sections["rate_limit"], sections["breaker"]
    limited = limit.get("rpm", 60) is not None
    if not limited:
        del limit["rpm"]
    if threshold.get("failure_threshold", 5) is None:
        threshold |= {"failure_threshold": 5, "enabled": False}
    return Scenario(
        RateLimit().model_copy(update=limit),
        Retry().model_copy(update=sections["retry"]),
        Breaker().model_copy(update=threshold),
        limited=limited,
    )
