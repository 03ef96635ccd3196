"""An execution that runs in this process, shown while it does.

``here`` is the door. ``watching`` has an engine run it, ``stopping`` does what signals ask.
``tree`` is what is known of the run, told by events; ``choosing`` picks what fits, ``drawing``
makes lines of it, ``screen`` puts them on a terminal; ``change_lines`` is for where there is none.
``ending`` says how it went.
"""
