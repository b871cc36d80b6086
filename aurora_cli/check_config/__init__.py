"""Rules over the settings of a service, before it meets production."""
