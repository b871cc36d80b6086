"""The operator's tool over :mod:`aurora_core`."""
