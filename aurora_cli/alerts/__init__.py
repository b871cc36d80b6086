"""``aurora alerts``: evaluate rules and deliver notifications outside the service, and test routes."""
