"""Facts that several programs of this repository share, each in one place and without dependencies."""
