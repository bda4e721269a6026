"""Independent answers: scripts that share no code with the program."""
