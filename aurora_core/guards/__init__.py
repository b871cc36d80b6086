"""Checks on text that crosses the service's border: the user's query, and code that a model generated."""
