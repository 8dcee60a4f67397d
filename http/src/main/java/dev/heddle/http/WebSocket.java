package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.http.internal.websocket.CloseCodes;
import dev.heddle.http.internal.websocket.DeflateTerms;
import dev.heddle.http.internal.websocket.FrameHead;
import dev.heddle.http.internal.websocket.MessageDeflater;
import dev.heddle.http.internal.websocket.MessageInflater;
import dev.heddle.http.internal.websocket.SharedMessage;
import dev.heddle.http.internal.websocket.WebSocketInbound;
import dev.heddle.http.internal.websocket.WebSocketLifecycle;
import dev.heddle.http.internal.websocket.WebSocketOutbound;
import dev.heddle.http.internal.websocket.WebSocketViolation;
import dev.heddle.http.server.HttpServer;
import dev.heddle.io.ByteStream;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
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

    private final ByteStream stream;
    private final WebSocketOptions options;
    private final Optional<String> subprotocol;
    private final WebSocketOutbound out;
    private final WebSocketLifecycle life;
    private final WebSocketInbound in;

    /** The message that is read as a stream, until the next one is asked for. */
    private @Nullable WebSocketInput input;

    /**
     * Takes a stream over, right behind the opening handshake.
     *
     * @param terms what was agreed on about compression; null for none
     */
    public WebSocket(
            ByteStream stream,
            boolean client,
            WebSocketOptions options,
            @Nullable DeflateTerms terms,
            @Nullable String subprotocol) {
        this.stream = stream;
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
        this.life = new WebSocketLifecycle(stream, client, options, inflater, out);
        this.in = life.in();
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
        if (!life.beginReading()) {
            return Optional.empty();
        }
        input = null;
        try {
            WebSocketMessage message = in.receive();
            if (message == null) {
                life.finishClose();
                return Optional.empty();
            }
            life.heartbeat().message();
            return Optional.of(message);
        } catch (WebSocketViolation | HeddleException e) {
            throw life.failed(e);
        } finally {
            life.endReading();
        }
    }

    /**
     * Waits for the next message and gives it while it comes, up to {@link WebSocketOptions#maxStreamBytes}. Errors and cancellation
     * are those of {@link #receive}.
     *
     * @return the message, to be read before the next one is asked for; empty as by {@link #receive}
     */
    public Optional<WebSocketInput> receiveStream() {
        if (!life.beginReading()) {
            return Optional.empty();
        }
        try {
            input = null;
            if (!in.begin(options.maxStreamBytes())) {
                life.finishClose();
                return Optional.empty();
            }
            life.heartbeat().message();
            var next = new WebSocketInput(this, in.isText());
            input = next;
            return Optional.of(next);
        } catch (WebSocketViolation | HeddleException e) {
            throw life.failed(e);
        } finally {
            life.endReading();
        }
    }

    /** Reads from the message that a stream stands for. */
    int readStream(WebSocketInput asking, byte[] target, int from, int count) {
        if (asking != input || !life.beginReading()) {
            throw new ClosedException("this message is over: the next one was asked for, or the WebSocket is closed");
        }
        try {
            int came = in.read(target, from, count);
            if (in.isEnded()) {
                life.finishClose();
                throw new BrokenException(stream.remoteAddress() + " closed the WebSocket inside of a message");
            }
            return came;
        } catch (WebSocketViolation | HeddleException e) {
            throw life.failed(e);
        } finally {
            life.endReading();
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
        if (!life.beginReading()) {
            return;
        }
        input = null;
        try {
            life.drain();
        } catch (WebSocketViolation | HeddleException e) {
            throw life.failed(e);
        } finally {
            life.endReading();
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
    public void send(SharedMessage message) {
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
        out.ping(life.heartbeat().nextPing());
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
        life.close(CloseCodes.payload(code, reason));
    }

    /** Closes at once, without a word to the peer. Tasks that wait get a {@link ClosedException}. Does nothing to a closed socket. */
    public void abort() {
        life.abort();
    }

    /** Whether neither side has begun to close and the connection is not known to be lost. */
    public boolean isOpen() {
        return life.isOpen();
    }

    /**
     * How it ended: the code of the peer's close; 1005 if that had none; the code of ours if the peer broke a rule; 1006 if the
     * connection was lost or aborted. Empty until then.
     */
    public OptionalInt closeCode() {
        return life.closeCode();
    }

    /** What the peer's close says besides; mostly empty. Written by the peer: escape it where it is shown. */
    public String closeReason() {
        return life.closeReason();
    }

    /** The subprotocol that both sides agreed on. */
    public Optional<String> subprotocol() {
        return subprotocol;
    }

    /** How long the last ping took there and back; empty before the first. */
    public Optional<Duration> latency() {
        return life.heartbeat().latency();
    }

    /** The peer's address, fit for a log line. */
    public String remoteAddress() {
        return stream.remoteAddress();
    }

    public Loop loop() {
        return life.loop();
    }

    /** Sends a close without waiting, and aborts if the peer does not answer in time. */
    public void beginClose(int code, String reason) {
        life.beginClose(code, reason);
    }

    /** Sends a close without waiting, since the server stops. */
    public void goAway() {
        life.goAway();
    }

    @Override
    public String toString() {
        return life.toString();
    }
}
