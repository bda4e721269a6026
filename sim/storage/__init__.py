"""Objects as bytes and back, so that reading is harmless."""
