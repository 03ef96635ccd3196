"""``@everyrun.workflow`` and ``@everyrun.node``: functions whose every call is on record.

Functions, coroutine functions, generators and asynchronous generators stay what they are, with
their name, signature and types; so do methods, and static and class methods in either order.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, overload

from everyrun.domain.status import WorkflowKind
from everyrun.tracking.calling import tracked_call, tracked_coroutine
from everyrun.tracking.retrying import RetryOn, RetryPolicy
from everyrun.tracking.tracked import Tracked, TrackedNode, TrackedWorkflow
from everyrun.tracking.trying import tried_call, tried_coroutine
from everyrun.tracking.yielding import tracked_async_generator, tracked_generator

F = TypeVar("F", bound="Callable[..., Any] | classmethod[Any, ..., Any]")

TRACKED = "__everyrun__"
"""The attribute of a decorated function that holds what is known of it."""


@overload
def workflow(function: F, /) -> F: ...  # allowed: an overload


@overload
def workflow(  # allowed: an overload
    *,
    name: str | None = None,
    tags: str | Iterable[str] = (),
    kind: str = WorkflowKind.FUNCTION,
) -> Callable[[F], F]: ...


def workflow(
    function: Any = None,
    /,
    *,
    name: str | None = None,
    tags: str | Iterable[str] = (),
    kind: str = WorkflowKind.FUNCTION,
) -> Any:
    """A function whose every call is an execution of the workflow ``name``.

    ``name`` is the function's own by default, with its class (``Invoices.send``). Called inside
    another execution, it is an execution of its own, linked to that one and to the node it was
    called from. Raises ``TypeError`` for what is no function, ``ValueError`` for an unknown
    ``kind``.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        return _track(TrackedWorkflow(function, name, tags, kind))

    return _decorated(function, decorate)


@overload
def node(function: F, /) -> F: ...  # allowed: an overload


@overload
def node(  # allowed: an overload
    *,
    name: str | None = None,
    tags: str | Iterable[str] = (),
    retries: int = 0,
    retry_delay: float = 1.0,
    retry_backoff: float = 2.0,
    retry_jitter: float = 0.1,
    retry_delay_max: float = 300.0,
    retry_on: RetryOn = Exception,
    timeout: float | None = None,
) -> Callable[[F], F]: ...


def node(
    function: Any = None,
    /,
    *,
    name: str | None = None,
    tags: str | Iterable[str] = (),
    retries: int = 0,
    retry_delay: float = 1.0,
    retry_backoff: float = 2.0,
    retry_jitter: float = 0.1,
    retry_delay_max: float = 300.0,
    retry_on: RetryOn = Exception,
    timeout: float | None = None,
) -> Any:
    """A function whose every call is a node execution of the execution that runs.

    Called outside any, it is an execution of its own, named after the node. A failed attempt that
    ``retry_on`` (exceptions, or a function asked about each) allows is tried again, ``retries``
    times at most: after ``retry_delay`` seconds, then ``retry_backoff`` times as long each time,
    never over ``retry_delay_max`` seconds, plus a random part of up to ``retry_jitter`` of it.
    ``timeout`` is in seconds and holds for each attempt; see ``timeouts`` for what it does to a
    function that is not a coroutine. ``tags`` are added to the execution.

    Raises ``TypeError`` for what is no function, and for retries or a timeout of a generator:
    what it has yielded cannot be taken back. Raises ``ValueError`` for numbers that make no sense.
    """
    policy = RetryPolicy(
        retries=retries,
        delay=retry_delay,
        backoff=retry_backoff,
        jitter=retry_jitter,
        longest=retry_delay_max,
        on=retry_on,
    )
    if timeout is not None and timeout <= 0:
        raise ValueError("timeout must be more than 0 seconds")

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        tracked = TrackedNode(function, name, tags)
        if retries == 0 and timeout is None:
            return _track(tracked)
        return _try(tracked, policy, timeout)

    return _decorated(function, decorate)


def tracked_of(function: object) -> Tracked | None:
    """What is known of a decorated function, None for any other."""
    tracked = getattr(function, TRACKED, None)
    return tracked if isinstance(tracked, Tracked) else None


def _decorated(function: Any, decorate: Callable[[Any], Any]) -> Any:
    """``function`` decorated; the decorator itself when it was called with options alone."""
    if function is None:
        return lambda function: _decorated(function, decorate)
    if isinstance(function, staticmethod | classmethod):
        return type(function)(_decorated(function.__func__, decorate))
    if inspect.isclass(function) or not callable(function):
        raise TypeError(f"{function!r} is no function; decorate functions and methods")
    return decorate(function)


def _track(tracked: Tracked) -> Callable[..., Any]:
    function = tracked.function
    if inspect.isasyncgenfunction(function):
        return _known(tracked_async_generator(tracked), tracked)
    if inspect.iscoroutinefunction(function):
        return _known(tracked_coroutine(tracked), tracked)
    if inspect.isgeneratorfunction(function):
        return _known(tracked_generator(tracked), tracked)
    return _known(tracked_call(tracked), tracked)


def _try(tracked: TrackedNode, policy: RetryPolicy, timeout: float | None) -> Callable[..., Any]:
    function = tracked.function
    if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
        raise TypeError(f"{tracked.name} is a generator: it cannot have retries or a timeout")
    if inspect.iscoroutinefunction(function):
        return _known(tried_coroutine(tracked, policy, timeout), tracked)
    return _known(tried_call(tracked, policy, timeout), tracked)


def _known(wrapper: Callable[..., Any], tracked: Tracked) -> Callable[..., Any]:
    setattr(wrapper, TRACKED, tracked)
    return wrapper
