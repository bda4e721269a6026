"""What is said of a live what-if: its controls, and its answer."""
