"""A peer of connections that does what it is told: peer.py tcp|unix|tls|pipes TARGET CONTROL_PORT COUNT SEED MAX_PAUSE_MS

Opens COUNT connections, each with one beside it over which it is told what to do, a line at a time, and answers each
line when it is done. Pauses before each, at random. The first byte of both is the number of the connection. Ends when
the ends that tell it what to do are closed. Pipes are those that it was started with, and TARGET is the number.
"""
import os
import random
import socket
import ssl
import struct
import sys
import threading
import time

KIND, TARGET, CONTROL, COUNT, SEED, MAX_PAUSE = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7])


class Plain:
    def __init__(self):
        if KIND == "unix":
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(TARGET)
        else:
            self.socket = socket.create_connection(("127.0.0.1", int(TARGET)))
            # Nothing may lie here unsent when it breaks.
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.socket.sendall(data)

    def receive(self, most):
        return self.socket.recv(min(most, 65536))

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        self.socket.close()

    def cut(self):
        self.socket.close()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Tls(Plain):
    """Over buffers, since a close_notify with the module's own sockets waits for the peer's."""

    def __init__(self):
        super().__init__()
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing)
        self.until_done(self.tls.do_handshake)

    def flush(self):
        self.socket.sendall(self.outgoing.read())

    def until_done(self, call):
        while True:
            try:
                return call()
            except ssl.SSLWantReadError:
                self.flush()
                data = self.socket.recv(65536)
                if data:
                    self.incoming.write(data)
                else:
                    self.incoming.write_eof()
            finally:
                self.flush()

    def send(self, data):
        self.tls.write(data)
        self.flush()

    def receive(self, most):
        try:
            return self.until_done(lambda: self.tls.read(min(most, 65536)))
        except ssl.SSLZeroReturnError:
            return b""

    def half_close(self):
        try:
            self.tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        self.flush()

    def close(self):
        self.half_close()
        self.socket.close()


class Pipes:
    def send(self, data):
        os.write(1, data)

    def receive(self, most):
        return os.read(0, min(most, 65536))

    def half_close(self):
        os.close(1)

    def close(self):
        os.close(0)
        os.close(1)

    reset = close


def serve(number):
    pauses = random.Random(SEED * 1000 + number)
    control = socket.create_connection(("127.0.0.1", CONTROL))
    control.sendall(bytes([number]))
    peer = {"tls": Tls, "pipes": Pipes}.get(KIND, Plain)()
    peer.send(bytes([number]))
    for line in control.makefile("r"):
        time.sleep(pauses.uniform(0, MAX_PAUSE) / 1000)
        count = obey(peer, *line.split())
        control.sendall(b"done %d\n" % count)


def obey(peer, deed, argument=""):
    count = 0
    if deed == "send":
        peer.send(argument.encode())
    elif deed == "half-close":
        peer.half_close()
    elif deed == "reset":
        peer.reset()
    elif deed == "cut":
        peer.cut()
    elif deed == "end":
        while count < int(argument):
            count += len(peer.receive(int(argument) - count))
        peer.close()
    elif deed == "drain":
        while data := peer.receive(65536):
            count += len(data)
    return count


NUMBERS = [int(TARGET)] if KIND == "pipes" else range(COUNT)
threads = [threading.Thread(target=serve, args=(number,)) for number in NUMBERS]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
