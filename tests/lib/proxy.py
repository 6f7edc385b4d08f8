#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A loopback TCP proxy that behaves like a worse network.

It delays both ways, stalls or cuts on demand, counts bytes, connections and
round trips, and keeps the lines that the client sent.

    with Proxy(server.port("imap"), delay=0.025) as proxy:
        ... proxy.port ... proxy.stall() ... proxy.counters() ...

A thread does the work.  Where its few microseconds would disturb a
measurement, ProxyProcess is the same in a process of its own.
"""

import argparse
import collections
import json
import selectors
import socket
import subprocess
import sys
import threading
import time

CHUNK = 1 << 17
MAX_QUEUED = 64 << 20           # a direction with more than that waits
MAX_LINES = 200000              # of the client, kept for inspection


class _Pipe:
    """One direction of a connection: what was read and when to pass it."""

    def __init__(self, source, sink):
        self.source = source
        self.sink = sink
        self.queue = collections.deque()        # (due, bytes)
        self.queued = 0
        self.ended = False                      # source said EOF
        self.finished = False                   # and that was passed on


class _Connection:
    def __init__(self, client, server, ready, number):
        self.number = number
        self.client = client
        self.server = server
        self.ready = ready              # when the server may hear of it
        self.up = _Pipe(client, server)
        self.down = _Pipe(server, client)
        self.heard_server = True        # the next bytes up are a round trip
        self.line = b""
        self.passed_down = 0


class Proxy:
    def __init__(self, target, delay=0.0, host="127.0.0.1", port=0,
                 rewrite_down=None, log_lines=True):
        self.target = (host, target)
        self.delay = delay
        self.rewrite_down = rewrite_down
        self.log_lines = log_lines
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.listener.setblocking(False)
        self.connections = []
        self.stalled = False
        self.refusing = False
        self.cut_at = None              # bytes down after which to cut
        self.lock = threading.Lock()
        self.wake_read, self.wake_write = socket.socketpair()
        self.wake_read.setblocking(False)
        self.stopping = False
        self.reset_counters()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    # -- from the test's thread -----------------------------------------

    def close(self):
        self.stopping = True
        self._wake()
        self.thread.join(10)
        self.listener.close()
        self.wake_read.close()
        self.wake_write.close()

    def stall(self):
        """Let nothing pass any more; connections stay open."""
        self.stalled = True
        self._wake()

    def resume(self):
        self.stalled = False
        self._wake()

    def cut(self, refuse=False):
        """Break every connection; with `refuse`, new ones as well."""
        with self.lock:
            self.refusing = refuse
            for connection in self.connections:
                _reset(connection.client)
                _reset(connection.server)
            self.connections = []
        self._wake()

    def accept_again(self):
        self.refusing = False

    def cut_after(self, count):
        """Break a connection once `count` bytes went down it."""
        self.cut_at = count

    def counters(self):
        with self.lock:
            return dict(self.counts, lines=len(self.lines))

    def reset_counters(self):
        with self.lock:
            self.counts = {"connections": 0, "bytes_up": 0, "bytes_down": 0,
                           "round_trips": 0}
            self.lines = []
            self.turned = []
            self.passed = collections.deque(maxlen=MAX_LINES)
            self.passed_down = 0
            for connection in self.connections:
                connection.heard_server = True

    def turns(self):
        """Each round trip: what the client said, and the bytes down by then.

        A turn is a client that speaks after it heard something; commands
        sent in one go are one turn.
        """
        with self.lock:
            return list(self.turned)

    def counters_at(self, when):
        """Bytes down and round trips until then, by the monotonic clock."""
        with self.lock:
            down = 0
            for moment, bytes_down in self.passed:
                if moment > when:
                    break
                down = bytes_down
            return {"bytes_down": down, "round_trips": sum(
                turn["when"] <= when for turn in self.turned)}

    def client_lines(self):
        """What clients sent, line by line, as text."""
        with self.lock:
            return [line.decode("utf-8", "replace") for line in self.lines]

    # -- the proxy's own thread ------------------------------------------

    def _wake(self):
        try:
            self.wake_write.send(b"x")
        except OSError:
            pass

    def _run(self):
        while not self.stopping:
            self._wait()
            with self.lock:
                self._accept()
                for connection in list(self.connections):
                    self._serve(connection)
        for connection in self.connections:
            connection.client.close()
            connection.server.close()

    def _wait(self):
        """Sleep until a socket or a delayed chunk wants something."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.listener, selectors.EVENT_READ)
            selector.register(self.wake_read, selectors.EVENT_READ)
            due = None
            with self.lock:
                now = time.monotonic()
                for connection in self.connections:
                    due = self._register(selector, connection, now, due)
            timeout = None if due is None else max(0.0, due - now)
            selector.select(timeout)
        try:
            self.wake_read.recv(4096)
        except OSError:
            pass

    def _register(self, selector, connection, now, due):
        events = {}
        for pipe in (connection.up, connection.down):
            if self.stalled:
                continue
            if not pipe.ended and pipe.queued < MAX_QUEUED and (
                    pipe is connection.up or now >= connection.ready):
                events[pipe.source] = selectors.EVENT_READ
            if pipe.queue:
                when = pipe.queue[0][0]
                if pipe is connection.up:
                    when = max(when, connection.ready)
                if when <= now:
                    events[pipe.sink] = (events.get(pipe.sink, 0)
                                         | selectors.EVENT_WRITE)
                else:
                    due = when if due is None else min(due, when)
        if now < connection.ready:
            due = (connection.ready if due is None
                   else min(due, connection.ready))
        for one, wanted in events.items():
            selector.register(one, wanted)
        return due

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.refusing:
                _reset(client)
                continue
            try:
                server = socket.create_connection(self.target, 10)
            except OSError:
                _reset(client)
                continue
            for one in (client, server):
                one.setblocking(False)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # A real connect costs one way there, one back, one there; the
            # fourth brings the greeting.
            ready = time.monotonic() + 3 * self.delay
            self.counts["connections"] += 1
            self.connections.append(_Connection(
                client, server, ready, self.counts["connections"]))

    def _serve(self, connection):
        if self.stalled:
            return
        now = time.monotonic()
        try:
            self._read(connection, connection.up, now)
            if now >= connection.ready:
                self._read(connection, connection.down, now)
                self._write(connection, connection.up, now)
            self._write(connection, connection.down, now)
        except OSError:
            self._drop(connection)
            return
        if connection.up.finished and connection.down.finished:
            self._drop(connection)

    def _read(self, connection, pipe, now):
        if pipe.ended or pipe.queued >= MAX_QUEUED:
            return
        try:
            data = pipe.source.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        pipe.ended = not data
        if data and pipe is connection.up:
            self._count_up(connection, data)
        elif data:
            connection.heard_server = True
            self.counts["bytes_down"] += len(data)
            if self.rewrite_down:
                data = self.rewrite_down(data)
        if data or pipe.ended:
            pipe.queued += len(data)
            pipe.queue.append((now + self.delay, data))

    def _count_up(self, connection, data):
        self.counts["bytes_up"] += len(data)
        if connection.heard_server:
            self.counts["round_trips"] += 1
            connection.heard_server = False
            if len(self.turned) < MAX_LINES:
                self.turned.append({
                    "connection": connection.number,
                    "when": time.monotonic(),
                    "said": data[:200].decode("utf-8", "replace"),
                    "down": self.counts["bytes_down"]})
        if self.log_lines:
            *lines, connection.line = (connection.line + data).split(b"\n")
            connection.line = connection.line[:1 << 16]
            if len(self.lines) < MAX_LINES:
                self.lines += [line.rstrip(b"\r") for line in lines]

    def _write(self, connection, pipe, now):
        while pipe.queue and pipe.queue[0][0] <= now:
            due, data = pipe.queue[0]
            if not data:            # the end of what comes
                pipe.queue.popleft()
                pipe.finished = True
                pipe.sink.shutdown(socket.SHUT_WR)
                return
            try:
                sent = pipe.sink.send(data)
            except (BlockingIOError, InterruptedError):
                return
            pipe.queued -= sent
            if pipe is connection.down:
                self.passed_down += sent
                self.passed.append((time.monotonic(), self.passed_down))
            if sent < len(data):
                pipe.queue[0] = (due, data[sent:])
            else:
                pipe.queue.popleft()
            if pipe is connection.down:
                connection.passed_down += sent
                if self.cut_at and connection.passed_down >= self.cut_at:
                    raise ConnectionResetError("cut as ordered")

    def _drop(self, connection):
        if connection in self.connections:
            self.connections.remove(connection)
        _reset(connection.client)
        _reset(connection.server)


def _reset(one):
    """Close at once, with a reset where something is still under way."""
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    one.close()


class Dam(Proxy):
    """Once armed, the server falls silent in the middle of a FETCH of headers:
    `messages` of them have come, and of the next one a piece."""

    def __init__(self, target):
        self.left = None
        super().__init__(target, rewrite_down=self._hold)

    def _hold(self, data):
        at = 0
        while self.left is not None:
            at = data.find(b"BODY[HEADER", at) + 1
            if at == 0:
                break
            self.left -= 1
            if self.left < 0:
                self.left = None
                self.stall()
                return data[:at + 40]
        return data

    def arm(self, messages=0):
        """From the next connection on; those that stand are cut."""
        self.left = messages
        self.cut()
        self.resume()

    def release(self):
        """All is well again; who was held back has to come anew."""
        self.left = None
        self.cut()
        self.resume()


class ProxyProcess:
    """The same in a process of its own, told what to do through a pipe."""

    def __init__(self, target, delay=0.0):
        self.process = subprocess.Popen(
            [sys.executable, "-B", __file__, str(target),
             "--delay", str(delay * 1000)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def _ask(self, verb):
        self.process.stdin.write(verb + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def counters(self):
        return self._ask("counters")

    def client_lines(self):
        return self._ask("client_lines")

    def turns(self):
        return self._ask("turns")

    def reset_counters(self):
        self._ask("reset_counters")

    def stall(self):
        self._ask("stall")

    def resume(self):
        self._ask("resume")

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("target", type=int, help="port of the server")
    options.add_argument("--delay", type=float, default=0.0,
                         help="milliseconds each way")
    options.add_argument("--listen", type=int, default=0)
    chosen = options.parse_args()
    verbs = ("counters", "client_lines", "turns", "reset_counters",
             "stall", "resume", "cut", "accept_again")
    with Proxy(chosen.target, chosen.delay / 1000,
               port=chosen.listen) as proxy:
        print(json.dumps({"port": proxy.port}), flush=True)
        for line in sys.stdin:
            verb = line.strip()
            answer = getattr(proxy, verb)() if verb in verbs else None
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
