"""Any address that takes JSON: all that is known of the message, one object."""

import math
from collections.abc import Mapping, Sequence

from aurora_core.alerting.notice import Notice


def form(notice: Notice) -> Sequence[Mapping[str, object]]:
    """``event`` is fire, resolve or test; ``key`` is the same on a fire and its resolve; no data is null."""
    return [
        {
            "event": notice.event,
            "key": notice.key,
            "rule": notice.rule,
            "severity": notice.severity,
            "metric": notice.metric_name,
            "value": None if math.isnan(notice.value) else notice.value,
            "threshold": notice.threshold,
            "at": notice.at,
            "message": notice.text,
        }
    ]
