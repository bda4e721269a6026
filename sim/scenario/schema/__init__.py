"""What may stand in a scenario file: frozen models, one file a part."""
