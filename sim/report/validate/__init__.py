"""The report on a validation."""
