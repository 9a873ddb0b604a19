"""Checks an account and a deployment, before and after `make deploy`, and says what to do about what is wrong."""
