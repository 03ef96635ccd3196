"""``everyrun batch``: several executions as one."""
