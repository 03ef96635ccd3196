"""Child processes: starting a command, following it, and ending all that it has started.

``running`` starts and follows, ``ending`` finds and ends, ``guarding`` sees to it that a command
does not outlive the engine.
"""
