"""How short the promises could be, and still be kept."""
