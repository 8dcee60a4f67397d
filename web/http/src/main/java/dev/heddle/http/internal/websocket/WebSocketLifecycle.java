package dev.heddle.http.internal.websocket;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.ParkingLot;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.internal.codec.LingeringClose;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The life of a WebSocket: who reads from it, what control frames bring about meanwhile, and how it ends, as the
 * drawing of {@link WebSocket} shows. Messages are the business of that one and of its two halves.
 */
public final class WebSocketLifecycle implements WebSocketInbound.Events {

    /** Most bytes of a refused peer that are read on, so that the close arrives. */
    private static final int MAX_LINGER_BYTES = 1024 * 1024;

    private final ByteStream stream;
    private final WebSocketOptions options;
    private final boolean client;
    private final Loop loop = Heddle.currentLoop();
    private final WebSocketInbound in;
    private final WebSocketOutbound out;
    private final Heartbeat heartbeat;

    private boolean reading;
    private boolean closing;
    private boolean over;

    /** Whether it is over by closes from both sides. */
    private boolean orderly;

    /** Why it is over, if the peer is to blame. */
    private @Nullable String failure;

    private int closeCode = CloseCodes.LOST;
    private String closeReason = "";
    private @Nullable Handle closeTimer;
    private @Nullable ParkingLot watchers;
    private @Nullable Runnable onEnd;

    public WebSocketLifecycle(ByteStream stream, boolean client, WebSocketOptions options,
            @Nullable MessageInflater inflater,
            WebSocketOutbound out) {
        this.stream = stream;
        this.client = client;
        this.options = options;
        this.out = out;
        this.heartbeat = new Heartbeat(this, out, options, loop);
        this.in = new WebSocketInbound(stream, !client, options, inflater, this);
        heartbeat.start();
    }

    public Loop loop() {
        return loop;
    }

    public WebSocketInbound in() {
        return in;
    }

    public Heartbeat heartbeat() {
        return heartbeat;
    }

    // ---- control frames, in the task that reads ----

    @Override
    public void heard() {
        heartbeat.heard();
    }

    @Override
    public void ping(byte[] payload) {
        try {
            // A cancel of the receive must not cut the answer off in its middle.
            Heddle.shield(options.closeTimeout(), () -> out.pong(payload));
        } catch (DeadlineExceededException late) {
            lose("did not take the answer to its ping");
        } catch (BrokenException | ClosedException gone) {
            // What the peer has sent before it went is still to be read.
        }
    }

    @Override
    public void pong(byte[] payload) {
        heartbeat.pong(payload);
    }

    // ---- reading ----

    /** Makes the caller the one who reads; false if the socket was closed in order. */
    public boolean beginReading() {
        CancelScope.throwIfCancelled();
        while (closing && reading && !over) {
            awaitChange();
        }
        if (over) {
            if (orderly) {
                return false;
            }
            throw ended();
        }
        if (reading) {
            throw new BusyException("another task is receiving from " + stream.remoteAddress());
        }
        reading = true;
        return true;
    }

    public void endReading() {
        reading = false;
        wakeWatchers();
    }

    /** Whether a task waits for what the peer sends. */
    boolean isReceiving() {
        return reading;
    }

    /** Reads to the peer's close, for nobody, and answers it. */
    public void drain() {
        while (in.begin(options.maxStreamBytes())) {
            heartbeat.message();
        }
        finishClose();
    }

    /** What the caller gets for what went wrong while it read. */
    public HeddleException failed(RuntimeException e) {
        if (e instanceof WebSocketViolation violation) {
            refuse(violation);
            return violation.forCaller();
        }
        if (e instanceof CancelledException cancel) {
            return cancel;
        }
        if (over) {
            return orderly ? (HeddleException) e : ended();
        }
        failure = String.valueOf(e.getMessage());
        abort();
        return (HeddleException) e;
    }

    private HeddleException ended() {
        return failure == null
                ? new ClosedException("the WebSocket to " + stream.remoteAddress() + " is closed")
                : new BrokenException(failure);
    }

    // ---- closing from this side ----

    /** Sends a close and waits for the peer's, as {@link WebSocket#close(int, String)} says. */
    public void close(byte[] payload) {
        if (over) {
            return;
        }
        boolean closed = false;
        closing = true;
        try {
            closed = Heddle.moveOnAfter(options.closeTimeout(), () -> {
                out.close(payload);
                awaitEnd();
            });
        } catch (BrokenException | ClosedException gone) {
            // There is nobody to say goodbye to.
        } finally {
            if (!closed) {
                abort();
            }
        }
    }

    /** Waits until both sides have closed; whoever receives sees to that, or else this does. */
    private void awaitEnd() {
        while (!over) {
            if (reading) {
                awaitChange();
                continue;
            }
            reading = true;
            try {
                drain();
            } catch (WebSocketViolation e) {
                refuse(e);
            } finally {
                endReading();
            }
        }
    }

    /**
     * Sends a close without waiting, and aborts if the peer does not answer in time.
     *
     * @param code of a close of ours
     */
    public void beginClose(int code, String reason) {
        beginClose(code, reason, false);
    }

    /**
     * Sends a close without waiting; leaves all time to a handler that is at work, and little to a peer that it waits
     * for.
     */
    public void goAway() {
        beginClose(CloseCodes.GOING_AWAY, "the server stops", true);
    }

    private void beginClose(int code, String reason, boolean onlyIfReading) {
        if (over || closeTimer != null) {
            return;
        }
        byte[] payload = CloseCodes.payload(code, reason);
        loop.spawn(() -> {
            try {
                // Where the loop ends, all that it owns is cancelled, and this is a part of its order.
                Heddle.shield(options.closeTimeout(), () -> out.close(payload));
            } catch (HeddleException gone) {
                // Whoever receives or sends is told by the stream itself.
            }
        });
        closeTimer = loop.callLater(options.closeTimeout(), () -> {
            if (!over && (reading || !onlyIfReading)) {
                abort();
            }
        });
    }

    /** Gives up a connection whose peer does not do its part. */
    void lose(String why) {
        if (!over) {
            failure = stream.remoteAddress() + " " + why;
            abort();
        }
    }

    /** Closes at once. */
    public void abort() {
        if (failure != null) {
            out.lose(failure);
        }
        end(CloseCodes.LOST, "");
        stream.abort();
    }

    // ---- closing because of the peer ----

    /** Answers the peer's close, if it is no answer itself; shielded, since the peer waits for it. */
    public void finishClose() {
        if (over) {
            return;
        }
        orderly = true;
        int code = in.closeCode();
        try {
            Heddle.shield(options.closeTimeout(), () -> {
                out.close(CloseCodes.answer(code));
                if (client) {
                    // The server closes first, so that the port in use is not the client's to keep: section 7.1.1.
                    discardRest();
                }
            });
        } catch (HeddleException gone) {
            // It has closed and waits no more.
        }
        end(code, in.closeReason());
        stream.close();
    }

    /** Tells the peer what it did wrong, and reads on for a while: a reset could overtake the close. */
    private void refuse(WebSocketViolation violation) {
        failure = stream.remoteAddress() + " was refused: it sent " + violation.getMessage();
        try {
            Heddle.shield(options.closeTimeout(), () -> {
                out.close(CloseCodes.payload(violation.code(), violation.getMessage()));
                LingeringClose.run(stream, MAX_LINGER_BYTES);
            });
        } catch (HeddleException gone) {
            // Nobody is there to be told.
        }
        end(violation.code(), "");
        stream.close();
    }

    private void discardRest() {
        int left = MAX_LINGER_BYTES;
        for (ByteBuffer bytes = stream.fill(); bytes.hasRemaining() && left > 0; bytes = stream.fill()) {
            left -= bytes.remaining();
            bytes.position(bytes.limit());
        }
    }

    // ---- the end ----

    private void end(int code, String reason) {
        if (over) {
            return;
        }
        over = true;
        closeCode = code;
        closeReason = reason;
        heartbeat.stop();
        if (closeTimer != null) {
            closeTimer.cancel();
        }
        in.free();
        out.free();
        wakeWatchers();
        if (onEnd != null) {
            onEnd.run();
        }
    }

    /** Sets what is run when it is over. */
    void onEnd(Runnable action) {
        onEnd = action;
    }

    /** How far it has come, for people. */
    String phase() {
        return over ? "closed" : isOpen() ? "open" : "closing";
    }

    /** Whether neither side has begun to close and the connection is not known to be lost. */
    public boolean isOpen() {
        return !over && !out.isCloseSent() && !out.isLost();
    }

    /** How it ended; empty until then. */
    public OptionalInt closeCode() {
        return over ? OptionalInt.of(closeCode) : OptionalInt.empty();
    }

    public String closeReason() {
        return closeReason;
    }

    private void awaitChange() {
        if (watchers == null) {
            watchers = new ParkingLot("the close of the WebSocket to " + stream.remoteAddress());
        }
        watchers.park();
    }

    private void wakeWatchers() {
        if (watchers != null) {
            watchers.unparkAll();
        }
    }

    @Override
    public String toString() {
        return "WebSocket[" + stream.remoteAddress() + (over ? ", closed " + closeCode : isOpen() ? "" : ", closing")
                + "]";
    }
}
