"""From what the store and the engine know to what the API answers: pure, a file a subject.

Loads neither FastAPI nor the server: the command line prints the same documents.
"""
