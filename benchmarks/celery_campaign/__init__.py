"""What the campaign against Celery workers is made of."""
