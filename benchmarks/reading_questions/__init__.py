"""What the reading benchmark asks, and the values it asks with."""
