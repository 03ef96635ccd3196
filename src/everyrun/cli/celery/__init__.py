"""``everyrun celery``: commands to a Celery application's workers."""
