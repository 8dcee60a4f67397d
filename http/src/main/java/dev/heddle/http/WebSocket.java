package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.net.ByteStream;
import dev.heddle.net.LimitExceededException;
import dev.heddle.net.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A two-way stream of messages between a server and a client, mostly a browser (RFC 6455), compressed where both agree (RFC 7692).
 *
 * <pre>{@code
 * HttpServer.builder().webSocket("/echo", (request, socket) -> {
 *     for (var message : socket) {
 *         socket.send(message);
 *     }
 * });
 *
 * try (WebSocket socket = http.webSocket("ws://localhost:8080/echo").connect()) {
 *     socket.sendText("hello");
 *     WebSocketMessage answer = socket.receive().orElseThrow();
 * }
 * }</pre>
 *
 * <p>Nothing is read ahead: a peer that sends faster than this side receives is held back. So pings are answered and the peer's
 * close is seen while a task receives, and only then; one that only sends has another beside it that receives, or {@link
 * #awaitClose}. Limits and the heartbeat are those of {@link WebSocketOptions}. A peer that breaks the protocol or a limit is told so
 * by the code of a close, and the receiving task by an exception.
 *
 * <pre>
 *   OPEN ──close(), or the peer's close──▶ CLOSING ──the other side's close──▶ CLOSED
 *     └──────────── loss, abort(), no answer in time ──────┴────────────────────▶ CLOSED
 * </pre>
 *
 * <p>Cancellation: a cancelled receive has taken nothing, and the next one goes on where it stopped. A cancelled send has sent
 * nothing, or has cut a frame off: then later sends throw {@link BrokenException}, and closing aborts.
 *
 * <p>Threads: tasks of one loop. One receives at a time; any number send, one after the other in the order they came; any may close.
 * To test code that uses a socket, start a server on port 0 and connect to it, or to {@link HttpServer#serve(ByteStream)} in the
 * simulator.
 */
public final class WebSocket implements Iterable<WebSocketMessage>, AutoCloseable {

    /** Most bytes of a refused peer that are read on, so that the close arrives. */
    private static final int MAX_LINGER_BYTES = 1024 * 1024;

    private final ByteStream stream;
    private final WebSocketOptions options;
    private final boolean client;
    private final Optional<String> subprotocol;
    private final Loop loop = Heddle.currentLoop();
    private final WebSocketInbound in;
    private final WebSocketOutbound out;
    private final Heartbeat heartbeat;

    private @Nullable WebSocketInput input;
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
    private @Nullable List<Waiter> watchers;

    /**
     * Takes a stream over, right behind the opening handshake.
     *
     * @param terms what was agreed on about compression; null for none
     */
    WebSocket(
            ByteStream stream,
            boolean client,
            WebSocketOptions options,
            @Nullable DeflateTerms terms,
            @Nullable String subprotocol) {
        this.stream = stream;
        this.client = client;
        this.options = options;
        this.subprotocol = Optional.ofNullable(subprotocol);
        MessageInflater inflater = null;
        MessageDeflater deflater = null;
        if (terms != null) {
            boolean mine = client ? terms.clientKeepsContext() : terms.serverKeepsContext();
            boolean theirs = client ? terms.serverKeepsContext() : terms.clientKeepsContext();
            int window = client ? DeflateTerms.FULL_WINDOW : terms.serverWindowBits();
            inflater = new MessageInflater(theirs);
            deflater = new MessageDeflater(options.compressionLevel(), mine, window);
        }
        boolean takesShared = terms != null && terms.serverWindowBits() == DeflateTerms.FULL_WINDOW;
        this.out = new WebSocketOutbound(stream, options, client, deflater, takesShared);
        this.heartbeat = new Heartbeat(this, out, options, loop);
        this.in = new WebSocketInbound(stream, !client, options, inflater, new Reactions());
        heartbeat.start();
    }

    /** What control frames bring about, in the task that receives. */
    private final class Reactions implements WebSocketInbound.Events {

        @Override
        public void heard() {
            heartbeat.heard();
        }

        @Override
        public void ping(byte[] payload) {
            try {
                // A cancel of the receive must not cut the answer off in its middle.
                Heddle.shield(options.closeTimeout(), () -> out.pong(payload));
            } catch (BrokenException | ClosedException gone) {
                // What the peer has sent before it went is still to be read.
            }
        }

        @Override
        public void pong(byte[] payload) {
            heartbeat.pong(payload);
        }
    }

    // ---- receiving ----

    /**
     * Receives the next message, waiting for it.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return the message; empty once the peer has closed, or this side has and the peer has answered: see {@link #closeCode}
     * @throws LimitExceededException if the message is longer than {@link WebSocketOptions#maxMessageBytes}; closed with 1009
     * @throws MalformedMessageException if the peer breaks the protocol; closed with 1002, or 1007 for text that is not UTF-8
     * @throws BrokenException if the connection is lost, or the peer does not answer pings
     * @throws ClosedException if this side aborts, or closes and the peer does not answer in time
     * @throws BusyException if another task is receiving
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public Optional<WebSocketMessage> receive() {
        if (!beginReading()) {
            return Optional.empty();
        }
        input = null;
        try {
            WebSocketMessage message = in.receive();
            if (message == null) {
                finishClose();
                return Optional.empty();
            }
            heartbeat.message();
            return Optional.of(message);
        } catch (WebSocketViolation | HeddleException e) {
            throw failed(e);
        } finally {
            endReading();
        }
    }

    /**
     * Waits for the next message and gives it while it comes, up to {@link WebSocketOptions#maxStreamBytes}. Errors and cancellation
     * are those of {@link #receive}.
     *
     * @return the message, to be read before the next one is asked for; empty as by {@link #receive}
     */
    public Optional<WebSocketInput> receiveStream() {
        if (!beginReading()) {
            return Optional.empty();
        }
        try {
            input = null;
            if (!in.begin(options.maxStreamBytes())) {
                finishClose();
                return Optional.empty();
            }
            heartbeat.message();
            var next = new WebSocketInput(this, in.isText());
            input = next;
            return Optional.of(next);
        } catch (WebSocketViolation | HeddleException e) {
            throw failed(e);
        } finally {
            endReading();
        }
    }

    /** Reads from the message that a stream stands for. */
    int readStream(WebSocketInput asking, byte[] target, int from, int count) {
        if (asking != input || !beginReading()) {
            throw new ClosedException("this message is over: the next one was asked for, or the WebSocket is closed");
        }
        try {
            int came = in.read(target, from, count);
            if (in.isEnded()) {
                finishClose();
                throw new BrokenException(stream.remoteAddress() + " closed the WebSocket inside of a message");
            }
            return came;
        } catch (WebSocketViolation | HeddleException e) {
            throw failed(e);
        } finally {
            endReading();
        }
    }

    /**
     * The messages that come, each as by {@link #receive} when the loop asks for it; it ends where that is empty.
     *
     * <p>Cancellation: a loop that is cancelled while it waits has taken nothing, and another may go on.
     */
    @Override
    public Iterator<WebSocketMessage> iterator() {
        return new Messages();
    }

    private final class Messages implements Iterator<WebSocketMessage> {

        private @Nullable WebSocketMessage found;

        @Override
        public boolean hasNext() {
            if (found == null) {
                found = receive().orElse(null);
            }
            return found != null;
        }

        @Override
        public WebSocketMessage next() {
            WebSocketMessage next = hasNext() ? found : null;
            if (next == null) {
                throw new NoSuchElementException("the WebSocket is closed");
            }
            found = null;
            return next;
        }
    }

    /**
     * Throws away what comes until the socket is closed, and answers pings meanwhile: for programs that only send, in a task beside.
     * Errors and cancellation are those of {@link #receive}, without its limit for messages.
     */
    public void awaitClose() {
        if (!beginReading()) {
            return;
        }
        try {
            drain();
        } catch (WebSocketViolation | HeddleException e) {
            throw failed(e);
        } finally {
            endReading();
        }
    }

    // ---- sending ----

    /**
     * Sends a text, waiting for its turn and while the peer is slower. What is no character, a surrogate alone, becomes a question
     * mark.
     *
     * <p>Cancellation: a cancelled call has sent nothing, or has cut the frame off: see above.
     *
     * @throws ClosedException if either side has closed
     * @throws BrokenException if the connection is lost, or an earlier message was broken off
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void sendText(String text) {
        out.send(FrameHead.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes, which are not changed meanwhile; as {@link #sendText}. */
    public void sendBinary(byte[] bytes) {
        out.send(FrameHead.BINARY, bytes);
    }

    /** Sends a message, such as one that came; as {@link #sendText}. */
    public void send(WebSocketMessage message) {
        switch (message) {
            case WebSocketMessage.Text(String text) -> sendText(text);
            case WebSocketMessage.Binary(byte[] bytes) -> sendBinary(bytes);
        }
    }

    /** Sends what goes to others as well. */
    void send(SharedMessage message) {
        out.send(message);
    }

    /**
     * Sends a text that is written in UTF-8 while it is sent: a frame for each 16 KiB and for each flush. Messages of other tasks wait
     * until it is over. Errors are those of {@link #sendText}.
     *
     * <p>Cancellation: a message that a failure or a cancel ends in its middle can never be whole, so all that may follow is a close.
     *
     * @throws IllegalArgumentException if what is written is not UTF-8
     */
    public void streamText(BodyWriter writer) {
        stream(FrameHead.TEXT, writer);
    }

    /** Sends bytes that are written while they are sent, as {@link #streamText}. */
    public void streamBinary(BodyWriter writer) {
        stream(FrameHead.BINARY, writer);
    }

    private void stream(int opcode, BodyWriter writer) {
        // The scope turns a checked exception of the writer into the toolkit's own.
        CancelScope.open(scope -> {
            out.stream(opcode, writer);
        });
    }

    /**
     * Sends a ping; does not wait for the pong, which {@link #latency} tells of. Errors and cancellation are those of {@link #sendText}.
     * The heartbeat does this by itself.
     */
    public void ping() {
        out.ping(heartbeat.nextPing());
    }

    // ---- closing ----

    /** Closes with 1000, as {@link #close(int, String)}. */
    @Override
    public void close() {
        close(CloseCodes.NORMAL, "");
    }

    /**
     * Sends a close and waits for the peer's, throwing away what comes before it; a task that receives meanwhile gets it instead.
     * After {@link WebSocketOptions#closeTimeout} without an answer it aborts. Does nothing to a closed socket, and never throws for a
     * lost connection.
     *
     * <p>Cancellation: a cancelled call has aborted the connection.
     *
     * @param code 1000 for a normal end, 1001 to 1014 without 1004 to 1006 as RFC 6455, section 7.4.1, says, or 3000 to 4999
     * @param reason for the peer's log, 123 bytes as UTF-8 at most
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public void close(int code, String reason) {
        byte[] payload = CloseCodes.payload(code, reason);
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

    /** Closes at once, without a word to the peer. Tasks that wait get a {@link ClosedException}. Does nothing to a closed socket. */
    public void abort() {
        end(CloseCodes.LOST, "");
        stream.abort();
    }

    /** Whether neither side has begun to close and the connection is not known to be lost. */
    public boolean isOpen() {
        return !over && !out.isCloseSent();
    }

    /**
     * How it ended: the code of the peer's close; 1005 if that had none; the code of ours if the peer broke a rule; 1006 if the
     * connection was lost or aborted. Empty until then.
     */
    public OptionalInt closeCode() {
        return over ? OptionalInt.of(closeCode) : OptionalInt.empty();
    }

    /** What the peer's close says besides; mostly empty. Written by the peer: escape it where it is shown. */
    public String closeReason() {
        return closeReason;
    }

    /** The subprotocol that both sides agreed on. */
    public Optional<String> subprotocol() {
        return subprotocol;
    }

    /** How long the last ping took there and back; empty before the first. */
    public Optional<Duration> latency() {
        return heartbeat.latency();
    }

    /** The peer's address, fit for a log line. */
    public String remoteAddress() {
        return stream.remoteAddress();
    }

    /** Whether a task waits for what the peer sends. */
    boolean isReceiving() {
        return reading;
    }

    Loop loop() {
        return loop;
    }

    boolean isOver() {
        return over;
    }

    /**
     * Sends a close without waiting, and aborts if the peer does not answer in time.
     *
     * @param code of a close of ours
     */
    void beginClose(int code, String reason) {
        beginClose(code, reason, false);
    }

    /** Sends a close without waiting; leaves all time to a handler that is at work, and little to a peer that it waits for. */
    void goAway() {
        beginClose(CloseCodes.GOING_AWAY, "the server stops", true);
    }

    private void beginClose(int code, String reason, boolean onlyIfReading) {
        if (over || closeTimer != null) {
            return;
        }
        byte[] payload = CloseCodes.payload(code, reason);
        loop.spawn(() -> {
            try {
                out.close(payload);
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

    // ---- the end ----

    /** Makes the caller the one who reads; false if the socket was closed in order. */
    private boolean beginReading() {
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

    private void endReading() {
        reading = false;
        wakeWatchers();
    }

    private HeddleException ended() {
        return failure == null
                ? new ClosedException("the WebSocket to " + stream.remoteAddress() + " is closed")
                : new BrokenException(failure);
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

    private void drain() {
        input = null;
        while (in.begin(options.maxStreamBytes())) {
            heartbeat.message();
        }
        finishClose();
    }

    /** Answers the peer's close, if it is no answer itself; shielded, since the peer waits for it. */
    private void finishClose() {
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
                stream.closeOutput();
                discardRest();
            });
        } catch (HeddleException gone) {
            // Nobody is there to be told.
        }
        end(violation.code(), "");
        stream.close();
    }

    private void discardRest() {
        int left = MAX_LINGER_BYTES;
        for (var bytes = stream.fill(); bytes.hasRemaining() && left > 0; bytes = stream.fill()) {
            left -= bytes.remaining();
            bytes.position(bytes.limit());
        }
    }

    /** What the caller gets for what went wrong while it read. */
    private HeddleException failed(RuntimeException e) {
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
    }

    private void awaitChange() {
        var watcher = new Waiter("the close of the WebSocket to " + stream.remoteAddress());
        if (watchers == null) {
            watchers = new ArrayList<>(1);
        }
        watchers.add(watcher);
        try {
            watcher.await();
        } finally {
            watchers.remove(watcher);
        }
    }

    private void wakeWatchers() {
        if (watchers != null) {
            watchers.forEach(Waiter::complete);
        }
    }

    @Override
    public String toString() {
        return "WebSocket[" + stream.remoteAddress() + (over ? ", closed " + closeCode : isOpen() ? "" : ", closing")
                + "]";
    }
}
