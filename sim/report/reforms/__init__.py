"""Report, figures and words of what each lever contributes."""
