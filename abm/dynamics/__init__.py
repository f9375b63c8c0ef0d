"""What happens in a quarter: one verb per file, each saying what it reads and writes."""
