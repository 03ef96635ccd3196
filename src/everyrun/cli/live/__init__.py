"""An execution that runs in this process, shown while it does.

``tree`` is what is known of it, told by events; ``choosing`` picks what fits, ``drawing`` makes
lines of it, ``screen`` puts them on a terminal; ``change_lines`` is for where there is none.
"""
