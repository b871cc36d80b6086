"""``aurora alerts``: rules looked at and delivered from outside the service, and routes tried."""
