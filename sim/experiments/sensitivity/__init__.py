"""Which assumptions can turn a verdict round."""
