"""Built-in node types, a file each. Others add theirs by the entry-point group ``everyrun.nodes``.

``base`` says what a node type is, ``context`` what it is given while it runs, ``catalogue`` finds
them by name.
"""
