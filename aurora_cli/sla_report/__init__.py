"""``aurora sla-report``: options -> rows of the store -> stats -> verdict -> document."""
