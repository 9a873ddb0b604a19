"""Builds what the function's zip carries, without Docker and without the CDK: our code, pinned wheels, bytecode.

Standard library and uv only, so that `local/` and the tests use it without the CDK. Begin with `build.py`.
"""
