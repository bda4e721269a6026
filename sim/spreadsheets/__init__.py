"""Spreadsheets, read by a process of its own: damaged and hostile ones are refused."""
