package dev.heddle.net;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.TaskGroup;
import dev.heddle.engine.WaitSlot;
import dev.heddle.internal.Throwables;

/**
 * One run of {@link UdpSocket#serve}: the loop that receives, the group that owns the handlers, and the count that
 * bounds them.
 */
final class UdpServer {

    private final UdpSocket socket;
    private final ServeOptions options;
    private final DatagramHandler handler;
    private final String address;
    private final WaitSlot changed;

    /** Failures since the last that went well. */
    private int failures;

    private int active;

    UdpServer(UdpSocket socket, ServeOptions options, DatagramHandler handler) {
        this.socket = socket;
        this.options = options;
        this.handler = handler;
        this.address = AddressText.text(socket.localAddress());
        this.changed = new WaitSlot("a free place at " + address);
    }

    /** Serves until the socket is closed and the handlers have ended. */
    void run() {
        Heddle.group(this::receiveUntilClosed);
    }

    /** The socket is closed: ends the server also where it does not wait for the socket. */
    void closed() {
        changed.wake();
    }

    private void receiveUntilClosed(TaskGroup group) {
        try {
            while (socket.isOpen()) {
                if (active >= options.maxConnections()) {
                    changed.await();
                } else {
                    receiveOne(group);
                }
            }
        } catch (ClosedException e) {
            // This side closed the socket: the way a server ends.
        } finally {
            // Also when cancelled, or handlers that take their time to end would leave peers unheard at an open port.
            socket.close();
        }
    }

    private void receiveOne(TaskGroup group) {
        Datagram datagram;
        try {
            datagram = socket.awaitNext();
        } catch (ClosedException | CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            restAfter(e);
            return;
        }
        failures = 0;
        active++;
        boolean started = false;
        try {
            group.spawn("datagram from " + AddressText.text(datagram.from()), () -> handle(datagram));
            started = true;
        } finally {
            if (!started) {
                active--;
            }
        }
    }

    /** Trying again at once would spin if the cause lasts. */
    private void restAfter(RuntimeException failure) {
        String what = "cannot receive datagrams at " + address;
        options.report(what, new HeddleException(what + ": " + Throwables.describe(failure), failure));
        Heddle.moveOnAfter(options.backoff().delay(++failures), () -> {
            while (socket.isOpen()) {
                changed.await();
            }
        });
    }

    private void handle(Datagram datagram) {
        try {
            handler.handle(datagram);
        } catch (Throwable e) {
            if (e instanceof CancelledException || e instanceof InterruptedException) {
                // A stray cancel that is not this task's own is a failure like any other.
                CancelScope.throwIfCancelled();
            }
            options.report("the handler of a datagram from " + AddressText.text(datagram.from()) + " failed", e);
        } finally {
            active--;
            changed.wake();
        }
    }
}
