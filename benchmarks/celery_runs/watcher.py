"""Takes Celery's events in and keeps their state in memory, as Flower does."""

from benchmarks.celery_runs.application import app


def main() -> None:
    """Watch until killed."""
    state = app.events.State(max_tasks_in_memory=10_000)
    with app.connection() as connection:
        receiver = app.events.Receiver(connection, handlers={"*": state.event})
        print("watching", flush=True)
        receiver.capture(limit=None, timeout=None, wakeup=True)


if __name__ == "__main__":
    main()
