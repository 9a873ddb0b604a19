"""Cognito's pre sign-up trigger: a function of its own, which lets only addresses of certain domains be invited."""
