"""What is said and written of a replay: its words, where its steps stand, its data for a page."""
