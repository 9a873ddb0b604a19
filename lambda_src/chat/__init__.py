"""The chat endpoint: an OpenAI-compatible relay that knows nothing of Lambda's Runtime API."""
