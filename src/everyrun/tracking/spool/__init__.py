"""The spool: a process's recorded events as files, until the ledger has taken them.

::

    <home>/spool/<destination>/<recorder id>/
        recorder        who recorded (JSON)
        lock            held by flock for as long as the process lives
        state           acknowledged mark, dropped and rejected counts (fixed size)
        00000001.seg …  frames: <length u32><crc32 u32><event>
        rejected        events that the ledger will never take, with the reason
        closed          present when the process ended in order but could not ship everything

Why it is built this way: ``docs/decisions/0002-spool.md``.
"""
