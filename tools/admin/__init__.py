"""Who may use a deployment: people are invited, API keys are minted and revoked. `python -m tools.admin --help`."""
