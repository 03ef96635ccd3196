"""Running graphs on Celery workers, on as many machines as there are.

No process coordinates. An execution moves in *passes* (``passes``): whoever has news of it locks
its lease, reads what is on record, plans with what the local engine plans with (``planning`` in a
``running.run.Run``), and commits in one transaction what was decided: the outcome, the claims on
the nodes that it made ready, when to look again. Only then are these sent (``sending``). A worker
that gets a message takes the claim (``taking``), runs the node (``hosting``) and makes the next
pass. What was claimed and never begun is sent again, what a dead worker left is told as lost and
runs again, and what waits for people or times is seen to, by whoever tends (``tending``).
"""
