"""One rule a file: what it is about, why, an example that it finds, and what to write instead."""
