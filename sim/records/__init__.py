"""What a city recorded: its cases, items and events, and how they are read and looked through."""
