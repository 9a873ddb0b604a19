"""What CI and the documents need: audits of the locks, the table of settings, the difference of two templates.

Each file is one command; none knows another. They may read the whole project.
"""
