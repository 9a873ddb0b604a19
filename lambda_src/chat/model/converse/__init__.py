"""OpenAI's chat completions on one side, Bedrock's Converse on the other: requests one way, answers the other way.

Knows neither how requests are signed nor how bytes come. Begin with `request.py`.
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
"""
