"""What lives in the user's process: recording, and nothing that could hurt it."""
