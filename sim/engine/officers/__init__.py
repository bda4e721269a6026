"""One officer at an instant, in machine code."""
