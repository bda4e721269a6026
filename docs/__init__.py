"""The documentation, and what generates parts of it: see `docs.build`."""
