"""Whether what was promised was kept: store -> period -> figures -> verdict -> sheet."""
