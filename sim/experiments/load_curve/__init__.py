"""The load at which each limit breaks."""
