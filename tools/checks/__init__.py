"""What CI and the documents need: pins and their audit, the table of settings, which part may import which.

Each file is one command (`python -m tools.checks.NAME`). They may read the whole project.
"""
