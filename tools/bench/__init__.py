"""Measures this function beside what people would use instead: `make bench`."""
