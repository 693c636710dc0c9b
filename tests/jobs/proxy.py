"""A door in front of a broker that can be shut: what a network does to connections."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Hands bytes on to `target`, at a port of its own; connections can be cut, and refused."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listening: socket.socket | None = None
        self._ends: list[socket.socket] = []
        self.port = 0
        self.open()

    def open(self) -> None:
        """Take connections."""
        listening = socket.create_server(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self._listening = listening
        threading.Thread(target=self._listen, args=(listening,), daemon=True).start()

    def cut(self) -> int:
        """End all connections that there are; how many ends that were."""
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        return len(ends)

    def shut(self) -> None:
        """End all connections and refuse new ones, until `open`."""
        if self._listening is not None:
            # Closing alone leaves the one who accepts where it is.
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        self.cut()

    def _listen(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self._ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
