"""What one process needs to run: locks, process liveness, instrumentation, the inbox protocol."""
