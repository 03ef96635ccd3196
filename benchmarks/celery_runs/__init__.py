"""What `benchmarks.celery_cost` runs: an application in every variant, its worker, its sender."""
