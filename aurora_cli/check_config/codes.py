"""All rules, under their codes: the only list of them. The last word of each names its module in ``rules/``.

0xx shape, 1xx environment and layers, 2xx secrets, 3xx limiter, retry and deadlines, 4xx SLA and alerts,
5xx stores and metrics, 9xx probes.
"""

from typing import Final

from aurora_cli.check_config.rule import ConfigRule

RULES: Final = (
    ConfigRule("AUR001", "error", "syntax"),
    ConfigRule("AUR002", "error", "unknown_key"),
    ConfigRule("AUR003", "error", "wrong_type"),
    ConfigRule("AUR004", "error", "out_of_range"),
    ConfigRule("AUR005", "error", "missing"),
    ConfigRule("AUR102", "note", "hidden_value"),
    ConfigRule("AUR103", "error", "unknown_variable"),
    ConfigRule("AUR104", "note", "set_twice"),
    ConfigRule("AUR105", "warning", "hidden_mistake"),
    ConfigRule("AUR106", "note", "empty_variable"),
    ConfigRule("AUR107", "warning", "conflicting_variables"),
    ConfigRule("AUR201", "error", "literal_secret"),
    ConfigRule("AUR202", "error", "placeholder"),
    ConfigRule("AUR203", "error", "open_file"),
    ConfigRule("AUR204", "warning", "key_shape"),
    ConfigRule("AUR205", "note", "no_key"),
    ConfigRule("AUR206", "note", "lost_reference"),
    ConfigRule("AUR301", "error", "above_published_limit"),
    ConfigRule("AUR302", "warning", "short_max_wait"),
    ConfigRule("AUR303", "warning", "overshooting_burst"),
    ConfigRule("AUR304", "error", "base_above_cap"),
    ConfigRule("AUR305", "note", "unreached_cap"),
    ConfigRule("AUR306", "warning", "lockstep_retries"),
    ConfigRule("AUR307", "warning", "beyond_deadline"),
    ConfigRule("AUR308", "note", "beyond_p95"),
    ConfigRule("AUR309", "warning", "multiplied_retries"),
    ConfigRule("AUR310", "warning", "idle_breaker"),
    ConfigRule("AUR311", "warning", "hasty_breaker"),
    ConfigRule("AUR312", "error", "limit_a_worker"),
    ConfigRule("AUR313", "error", "same_tier"),
    ConfigRule("AUR401", "error", "alert_side"),
    ConfigRule("AUR402", "error", "silent_rule"),
    ConfigRule("AUR403", "error", "unknown_figure"),
    ConfigRule("AUR404", "error", "unrouted_severity"),
    ConfigRule("AUR405", "error", "unknown_channel"),
    ConfigRule("AUR406", "note", "idle_error_target"),
    ConfigRule("AUR407", "warning", "short_retention"),
    ConfigRule("AUR408", "error", "same_rule_name"),
    ConfigRule("AUR409", "error", "unfinished_channel"),
    ConfigRule("AUR410", "warning", "unseen_window"),
    ConfigRule("AUR411", "error", "odd_address"),
    ConfigRule("AUR501", "warning", "missing_folder"),
    ConfigRule("AUR502", "error", "one_file_for_two"),
    ConfigRule("AUR503", "warning", "privileged_port"),
    ConfigRule("AUR504", "error", "port_taken_twice"),
    ConfigRule("AUR505", "warning", "relative_path"),
    ConfigRule("AUR506", "warning", "large_hot_cache"),
)

PROBES: Final = (
    ConfigRule("AUR901", "error", "unresolved_name"),
    ConfigRule("AUR902", "error", "no_answer"),
    ConfigRule("AUR903", "error", "unreadable_store"),
)
"""Those that ask the network and open stores, with ``--online`` only."""
