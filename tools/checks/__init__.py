"""What CI and the documents need: pins and their audit, the table of settings, the difference of two templates.

Each file is one command (`python -m tools.checks.NAME --help`). They may read the whole project.
"""
