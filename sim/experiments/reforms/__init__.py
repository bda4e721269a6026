"""What each lever of the reform contributes."""
