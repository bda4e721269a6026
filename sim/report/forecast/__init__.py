"""The report on the open cases."""
