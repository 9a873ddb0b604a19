"""How much each person may use in a day: reserved before a call, settled after it."""
