"""Who is asking: access tokens of signed-in people, API keys of programs.

Knows a request's headers, the issuer (over `chat.http1`) and the table (`chat.aws.table`); nothing of what is asked or
answered. Imported piece by piece, as PyJWT costs a cold start that nobody needs without sign-in. Begin with `guard`.
"""
