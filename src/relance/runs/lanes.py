"""Several connections of one channel, each in the hands of one thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Semaphore, Thread

from relance.channels.contract import Channel
from relance.runs.consignment import Delivery, Prepared

Send = Callable[[Prepared, Channel], Delivery]
_Job = tuple["Future[Delivery]", Prepared]


class Lane:
    """Sends up to `connections` messages at once; each thread has a channel of its own."""

    def __init__(self, open_channel: Callable[[], Channel], connections: int, send: Send) -> None:
        self._open = open_channel
        self._send = send
        self._free = Semaphore(connections)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        # A server that does not answer must not keep an interrupted run from ending.
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(connections)]
        for thread in self._threads:
            thread.start()

    def give(self, prepared: Prepared) -> Future[Delivery]:
        """Return what will become of `prepared`; waits until a connection is free for it."""
        self._free.acquire()
        promise: Future[Delivery] = Future()
        self._jobs.put((promise, prepared))
        return promise

    def close(self, *, wait: bool) -> None:
        """End the threads when they have done what they do; `wait` for it or leave them to it."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _work(self) -> None:
        channel: Channel | None = None
        while (job := self._jobs.get()) is not None:
            promise, prepared = job
            try:
                channel = channel or self._open()
                promise.set_result(self._send(prepared, channel))
            except BaseException as error:  # told to whoever waits for it
                promise.set_exception(error)
            finally:
                self._free.release()
        if channel is not None:
            channel.close()
