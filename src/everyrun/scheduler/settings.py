"""What a scheduler may be told by the environment."""
