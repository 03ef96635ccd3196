"""Talking HTTP: ``requesting`` says what is asked, ``connecting`` of whom, ``answering`` what came.

``asking`` brings them together. Only what runs a request imports these: httpx takes half a second
where rich is installed too.
"""
