"""Where messages go: a file a kind."""
