"""How much each person, and all together, may use in a day: reserved before the model is asked, settled afterwards.

Knows the table (`chat.aws.table`) and what a request used (`chat.usage`); nothing of requests, answers or the log line.
Begin with `limits`, then `counter`, which says what the table holds.
"""
