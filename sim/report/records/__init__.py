"""What is said of a city's records."""
