"""Who is asking: tokens of signed-in people, keys of programs."""
