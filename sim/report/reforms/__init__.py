"""All that is said of what each lever contributes."""
