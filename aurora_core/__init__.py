"""AURORA's resilience core: what a service that calls LLM providers imports."""

__version__ = "0.1.0"
