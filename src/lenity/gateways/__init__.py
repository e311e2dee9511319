"""The outside world: clock, chance, mail, short messages, files. Each gateway has the same shape."""
