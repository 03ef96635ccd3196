"""When workflows start by themselves, and who sees to what nobody else does."""
