"""Whether a scenario fits what was recorded after a date."""
