"""A program of a user's, for the tests to run: its functions must be found by other processes."""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

import everyrun


@everyrun.node
def pack(number: int) -> int:
    """One parcel."""
    everyrun.log.info(f"packing {number}")
    return number * 2


@everyrun.workflow
def deliver(number: int) -> str:
    """One delivery."""
    pack(number)
    return f"delivered {number}"


def refuse() -> None:
    """Fail."""
    raise ValueError("wrong address")


def die() -> None:
    """Take the process along."""
    os._exit(3)


def pack_in_a_pool(method: str) -> None:
    """Bound nodes in a process pool, and one that is not bound."""
    context = multiprocessing.get_context(method)
    with everyrun.execution("day") as run, ProcessPoolExecutor(2, mp_context=context) as pool:
        with run.node("packing"):
            results = list(pool.map(everyrun.bind(pack), range(4)))
            run.output = results
        pool.submit(pack, 100).result()


def submit_to_processes() -> None:
    """Jobs in processes."""
    submit = everyrun.submit.options(executor="process")
    delivery = submit(deliver, 7)
    refusal = submit(refuse)
    unsendable = submit(lambda: None)
    print(delivery.result(), delivery.status)
    for job in (refusal, unsendable):
        try:
            job.result()
        except Exception as error:
            print(type(error).__name__, job.status)
    dead = submit(die)
    try:
        dead.result()
    except Exception as error:
        print(type(error).__name__, dead.status)
    print(submit(pack, 3).result())


def end_with_jobs_running() -> None:
    """Leave jobs to the end of the interpreter."""
    for number in range(40):
        everyrun.submit(deliver, number)


def fork_inside() -> None:
    """A child that goes on by itself and ends as programs do."""
    with everyrun.execution("parent"):
        child = os.fork()
        if child == 0:
            pack(1)
            sys.exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
