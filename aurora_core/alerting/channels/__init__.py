"""Alert channels: each type is one file with a ``SPEC``, and the registry finds it."""
