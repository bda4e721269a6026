"""Results and scenarios for readers: text, JSON, files. Nothing is computed here."""
