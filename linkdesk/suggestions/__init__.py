"""What is added to an error: record labels, "did you mean" candidates and booking conflicts."""
