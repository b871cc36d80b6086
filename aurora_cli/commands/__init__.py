"""One file a command: its options, and the table of contents of what it does."""
