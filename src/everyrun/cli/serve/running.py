"""A server process: what answers, what schedules, what adopts, and how they end together."""

import logging
import os
import webbrowser
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING

from everyrun.cli.executors import engine_for
from everyrun.cli.live.interrupts import Interrupts
from everyrun.cli.live.stopping import leave
from everyrun.cli.opening import place_of, settings_from
from everyrun.cli.serve.counting import FOLDER_VARIABLE
from everyrun.cli.serve.letting_in import require_a_way_in
from everyrun.cli.serve.telling import ServeTeller
from everyrun.scheduler.loop import Watcher
from everyrun.scheduler.serving import Listener, Service
from everyrun.scheduler.settings import SchedulerSettings
from everyrun.server.access.first_way_in import admit_admin_token, first_way_in
from everyrun.server.access.hosts import is_loopback
from everyrun.server.app import create_app
from everyrun.server.process.adopting import SpoolAdopter
from everyrun.server.process.answering import Answering
from everyrun.server.process.listening import address_of, listen
from everyrun.server.process.workers import Workers
from everyrun.server.settings import VARIABLES, ServerSettings
from everyrun.server.state import Server
from everyrun.store.database import Database, open_database
from everyrun.store.explaining import explained
from everyrun.tracking import recording
from everyrun.workflows.running.presence import who_is_dead

if TYPE_CHECKING:
    from socket import socket

_LOOK_SECONDS = 0.1
_KILL_SECONDS = 2.0
_TO_WORKERS = ("host", "port")


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What was asked for on the command line and in the environment."""

    server: ServerSettings
    scheduler: SchedulerSettings
    open_browser: bool
    quiet: bool
    as_json: bool


class Serving:
    """Everything that runs in the first process of a server, and the further ones."""

    def __init__(self, database: Database, wishes: Wishes) -> None:
        self._wishes = wishes
        self._settings = wishes.server
        # Requests have connections of their own: no rush of them holds executions up.
        self._database = open_database(
            settings_from(None).url, kept_connections=wishes.server.connections
        )
        self._engine_database = database
        self._engine = engine_for(self._engine_database)
        self._teller = ServeTeller(self._engine.id, quiet=wishes.quiet, as_json=wishes.as_json)
        self._server = Server(self._database, self._settings)
        self._service = self._make_service()
        self._service_thread = Thread(target=self._work, name="scheduler", daemon=True)
        self._errors: list[BaseException] = []
        self._answering: Answering | None = None
        self._adopter: SpoolAdopter | None = None
        self._workers: Workers | None = None

    def run(self) -> None:
        """Serve until a signal says to end. Raises what it cannot go on for."""
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
        with Interrupts(lambda: None) as interrupts:
            try:
                with explained():
                    self._begin()
                self._look_after(interrupts)
            finally:
                self._end_others()
                self._engine.close()
                self._database.close()
            if self._errors:
                raise self._errors[0]
            self._teller.ended()

    def _begin(self) -> None:
        require_a_way_in(self._database, self._settings, self._server.clock.now())
        admit_admin_token(self._server)
        listener = listen(self._settings.host, self._settings.port)
        address = address_of(listener, self._settings.host)
        further = self._settings.server_workers - 1
        if further:
            self._workers = Workers(
                listener,
                further,
                self._environment_of_workers(listener),
                on_ended=self._worker_ended,
            )
        self._answering = Answering(
            create_app(self._server), listener, drain_seconds=self._settings.drain_seconds
        )
        self._answering.start()
        self._service_thread.start()
        self._adopter = SpoolAdopter(settings_from(None), _addresses(address))
        self._adopter.start()
        self._tell_the_way_in(self._settings.public_url or address)

    def _tell_the_way_in(self, address: str) -> None:
        self._teller.listening(address, place_of(self._database))
        if not is_loopback(self._settings.host) and not self._settings.public_url:
            self._teller.unencrypted(self._settings.host)
        way = first_way_in(self._server)
        link = way.at(address)
        self._teller.way_in(link, way.token)
        if self._wishes.open_browser:
            with suppress(webbrowser.Error):
                webbrowser.open(link)

    def _look_after(self, interrupts: Interrupts) -> None:
        """Until nothing runs any more."""
        heard = 0
        while self._is_running():
            self._service_thread.join(_LOOK_SECONDS)
            if heard == 0 and self._workers is not None:
                self._workers.look_after()
            if heard == 0 and self._has_failed():
                heard = 1
                self._stop()
            while heard < interrupts.count:
                heard += 1
                if heard == 1:
                    self._teller.ending(self._wishes.scheduler.drain_seconds)
                    self._stop()
                elif heard == 2:
                    self._hurry()
                else:
                    leave(interrupts.exit_code)

    def _is_running(self) -> bool:
        assert self._answering is not None
        return (
            self._service_thread.is_alive()
            or self._answering.is_running
            or (self._workers is not None and self._workers.is_running)
        )

    def _has_failed(self) -> bool:
        assert self._answering is not None
        return bool(self._errors) or not self._answering.is_running

    def _stop(self) -> None:
        """Take nothing new; end what is under way."""
        self._server.is_ending = True
        if self._answering is not None:
            self._answering.stop()
        if self._workers is not None:
            self._workers.stop()
        if self._adopter is not None:
            self._adopter.stop()
        self._service.stop()

    def _hurry(self) -> None:
        """End what is under way now."""
        self._engine.hand_over(kill=True)
        if self._answering is not None:
            self._answering.hurry()
        if self._workers is not None:
            self._workers.kill()

    def _end_others(self) -> None:
        """Whatever happened: leave nothing running."""
        self._stop()
        if self._answering is not None:
            self._answering.join(_KILL_SECONDS)
            with suppress(BaseException):
                self._answering.raise_error()
        if self._service_thread.is_alive():
            self._service_thread.join(_KILL_SECONDS)
        if self._workers is not None:
            self._workers.join()
        if self._adopter is not None:
            self._adopter.join(_KILL_SECONDS)

    def _worker_ended(self, pid: int, code: int) -> None:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call] # the library's
        self._teller.worker_ended(pid, code)

    def _make_service(self) -> Service:
        teller = self._teller
        watcher = Watcher(on_led=teller.led, on_fired=teller.fired, on_rescued=teller.rescued)
        return Service(
            self._engine_database,
            self._engine,
            self._wishes.scheduler,
            is_surely_dead=who_is_dead(recording.current().settings.home),
            listener=Listener(
                watcher=watcher, on_finished=teller.finished, on_batch_ended=teller.batch_ended
            ),
        )

    def _work(self) -> None:
        try:
            self._service.run()
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self._errors.append(error)

    def _environment_of_workers(self, listener: "socket") -> dict[str, str]:
        told = {"host": self._settings.host, "port": str(listener.getsockname()[1])}
        named = {VARIABLES[name]: told[name] for name in _TO_WORKERS}
        return {**os.environ, **named, FOLDER_VARIABLE: os.environ[FOLDER_VARIABLE]}


def _addresses(address: str) -> list[str]:
    """The names under which recorders of this machine may know this server."""
    port = address.rpartition(":")[2]
    return list(dict.fromkeys([address, f"http://127.0.0.1:{port}", f"http://localhost:{port}"]))
