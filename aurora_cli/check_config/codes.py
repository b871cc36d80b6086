"""All rules, under their codes: the only list of them, each with its module in ``rules/`` and its check.

The check is the one of `aurora preflight` that answers for the rule; ``config.valid`` runs whatever is
selected, and answers for every error as well.

0xx shape, 1xx environment and layers, 2xx secrets, 3xx limiter, retry and deadlines, 4xx SLA and alerts,
5xx stores and metrics, 9xx probes.
"""

from typing import Final

from aurora_cli.check_config.rule import ConfigRule

RULES: Final = (
    ConfigRule("AUR001", "error", "syntax", "config.valid", needs_values=False, hide_values=True),
    ConfigRule("AUR002", "error", "unknown_key", "config.valid", needs_values=False, hide_values=True),
    ConfigRule("AUR003", "error", "wrong_type", "config.valid", needs_values=False, hide_values=True),
    ConfigRule("AUR004", "error", "out_of_range", "config.valid", needs_values=False, hide_values=True),
    ConfigRule(
        "AUR005", "error", "missing_required_key", "config.valid", needs_values=False, hide_values=True
    ),
    ConfigRule("AUR102", "note", "overridden_value", "config.valid", needs_values=False),
    ConfigRule("AUR103", "error", "unknown_variable", "config.valid", needs_values=False),
    ConfigRule("AUR104", "note", "duplicate_setting", "config.valid", needs_values=False),
    ConfigRule("AUR105", "warning", "overridden_invalid_value", "config.valid", needs_values=False),
    ConfigRule("AUR106", "note", "empty_variable", "config.valid", needs_values=False),
    ConfigRule("AUR107", "warning", "conflicting_variables", "config.valid", needs_values=False),
    ConfigRule("AUR201", "error", "literal_secret", "config.api-keys", needs_values=False, hide_values=True),
    ConfigRule("AUR202", "error", "placeholder", "config.api-keys", needs_values=False, hide_values=True),
    ConfigRule(
        "AUR203",
        "error",
        "world_readable_secret_file",
        "config.api-keys",
        needs_values=False,
        hide_values=True,
    ),
    ConfigRule(
        "AUR204", "warning", "api_key_format", "config.api-keys", needs_values=False, hide_values=True
    ),
    ConfigRule("AUR205", "note", "missing_api_key", "config.api-keys", needs_values=False, hide_values=True),
    ConfigRule(
        "AUR206",
        "note",
        "unresolved_secret_reference",
        "config.api-keys",
        needs_values=False,
        hide_values=True,
    ),
    ConfigRule("AUR301", "error", "above_published_limit", "config.rate-limit"),
    ConfigRule("AUR302", "warning", "short_max_wait", "config.rate-limit"),
    ConfigRule("AUR303", "warning", "burst_exceeds_limit", "config.rate-limit"),
    ConfigRule("AUR304", "error", "base_delay_above_max", "config.retry"),
    ConfigRule("AUR305", "note", "max_delay_unreachable", "config.retry"),
    ConfigRule("AUR306", "warning", "retries_without_jitter", "config.retry"),
    ConfigRule("AUR307", "warning", "worst_case_exceeds_deadline", "config.retry"),
    ConfigRule("AUR308", "note", "worst_case_exceeds_p95_target", "config.retry"),
    ConfigRule("AUR309", "warning", "nested_retries", "config.retry"),
    ConfigRule("AUR310", "warning", "breaker_never_opens", "config.retry"),
    ConfigRule("AUR311", "warning", "breaker_trips_on_one_call", "config.retry"),
    ConfigRule("AUR312", "error", "limit_per_worker", "config.rate-limit"),
    ConfigRule("AUR313", "error", "duplicate_tier", "config.rate-limit"),
    ConfigRule("AUR401", "error", "alert_threshold_wrong_side", "monitoring.slo"),
    ConfigRule("AUR402", "error", "alert_never_fires", "config.alerts"),
    ConfigRule("AUR403", "error", "unknown_metric", "config.alerts"),
    ConfigRule("AUR404", "error", "unrouted_severity", "monitoring.alerts"),
    ConfigRule("AUR405", "error", "unknown_channel", "monitoring.alerts"),
    ConfigRule("AUR406", "note", "redundant_error_target", "monitoring.slo"),
    ConfigRule("AUR407", "warning", "short_retention", "monitoring.slo"),
    ConfigRule("AUR408", "error", "duplicate_rule_name", "config.alerts"),
    ConfigRule("AUR409", "error", "incomplete_channel", "monitoring.alerts"),
    ConfigRule("AUR410", "warning", "evaluation_interval_too_long", "config.alerts"),
    ConfigRule("AUR411", "error", "invalid_channel_url", "monitoring.alerts"),
    ConfigRule("AUR501", "warning", "unwritable_path", "config.valid"),
    ConfigRule("AUR502", "error", "shared_database_file", "config.valid"),
    ConfigRule("AUR503", "warning", "privileged_port", "config.metrics"),
    ConfigRule("AUR504", "error", "port_conflict", "config.metrics"),
    ConfigRule("AUR505", "warning", "relative_path", "config.valid"),
    ConfigRule("AUR506", "warning", "large_hot_cache", "recovery.cache"),
)

PROBES: Final = (
    ConfigRule("AUR901", "error", "hostname_unresolved", "monitoring.alerts"),
    ConfigRule("AUR902", "error", "host_unreachable", "monitoring.alerts"),
    ConfigRule("AUR903", "error", "unreadable_store", "config.metrics"),
)
"""Rules that use the network and open stores, with ``--online`` only: preflight's checks do so themselves."""
