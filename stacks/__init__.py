"""The CDK side of lambda-stream-chat: settings in, one CloudFormation stack out."""
