"""The drawing kit that the figures of all questions share."""
