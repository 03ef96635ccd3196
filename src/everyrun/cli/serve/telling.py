"""What a server tells of itself."""

import signal

from everyrun.cli import terminal
from everyrun.cli.happenings import Teller
from everyrun.cli.messages import say


class ServeTeller(Teller):
    """Says where the server listens, how to come in, and what happens."""

    def listening(self, address: str, ledger: str) -> None:
        """It answers."""
        if self.as_json:
            self.tell({"what": "listening", "address": address, "ledger": ledger}, [])
        elif not self.quiet:
            terminal.aside(say("server_listens", address=address, ledger=ledger))

    def way_in(self, link: str, token: str | None) -> None:
        """How the first person comes in; the token is told once and never again."""
        if self.as_json:
            self.tell({"what": "way_in", "link": link, "token": token}, [])
        else:
            terminal.aside(say("server_way_in", link=link))
            if token is not None:
                terminal.aside(say("server_first_token", token=token))

    def unencrypted(self, host: str) -> None:
        """What is sent can be read on its way."""
        if not self.as_json and not self.quiet:
            terminal.aside(say("server_unencrypted", host=host))

    def worker_ended(self, pid: int, code: int) -> None:
        """A further process ended by itself and is started again."""
        how = signal.Signals(-code).name if code < 0 else str(code)
        said = say("server_worker_ended", pid=pid, how=how)
        self.tell({"what": "worker_ended", "pid": pid, "code": code}, [(said, "yellow")])

    def ended(self) -> None:
        """Nothing runs any more."""
        if not self.quiet and not self.as_json:
            terminal.aside(say("server_ended"))
