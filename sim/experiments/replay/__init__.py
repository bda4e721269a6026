"""One simulated year as a film: where every case was, who waited, and how far its clocks were."""
