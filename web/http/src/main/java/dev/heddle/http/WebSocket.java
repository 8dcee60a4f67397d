package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.MalformedMessageException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A two-way stream of messages between a server and a client, mostly a browser (RFC 6455), compressed where both agree
 * (RFC 7692).
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
 * <p>Nothing is read ahead: a peer that sends faster than this side receives is held back. So pings are answered and
 * the peer's close is seen while a task receives, and only then; one that only sends has another beside it that
 * receives, or {@link #awaitClose}. Limits and the heartbeat are those of {@link WebSocketOptions}. A peer that breaks
 * the protocol or a limit is told so by the code of a close, and the receiving task by an exception.
 *
 * <pre>
 *   OPEN ──close(), or the peer's close──▶ CLOSING ──the other side's close──▶ CLOSED
 *     └──────────── loss, abort(), no answer in time ──────┴────────────────────▶ CLOSED
 * </pre>
 *
 * <p>Cancellation: a cancelled receive has taken nothing, and the next one goes on where it stopped. A cancelled send
 * has sent nothing, or has cut a frame off: then later sends throw {@link BrokenException}, and closing aborts.
 *
 * <p>Threads: tasks of one loop. One receives at a time; any number send, one after the other in the order they came;
 * any may close. To test code that uses a socket, start a server on port 0 and connect to it, or to {@link
 * dev.heddle.http.server.HttpServer#serve} in the simulator.
 */
public interface WebSocket extends Iterable<WebSocketMessage>, AutoCloseable {

    // ---- receiving ----

    /**
     * Receives the next message, waiting for it.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return the message; empty once the peer has closed, or this side has and the peer has answered: see {@link
     *     #closeCode}
     * @throws LimitExceededException if the message is longer than {@link WebSocketOptions#maxMessageBytes}; closed
     *     with 1009
     * @throws MalformedMessageException if the peer breaks the protocol; closed with 1002, or 1007 for text that is not
     *     UTF-8
     * @throws BrokenException if the connection is lost, or the peer does not answer pings
     * @throws ClosedException if this side aborts, or closes and the peer does not answer in time
     * @throws BusyException if another task is receiving
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    Optional<WebSocketMessage> receive();

    /**
     * Waits for the next message and gives it while it comes, up to {@link WebSocketOptions#maxStreamBytes}. Errors and
     * cancellation are those of {@link #receive}.
     *
     * @return the message, to be read before the next one is asked for; empty as by {@link #receive}
     */
    Optional<WebSocketInput> receiveStream();

    /**
     * The messages that come, each as by {@link #receive} when the loop asks for it; it ends where that is empty.
     *
     * <p>Cancellation: a loop that is cancelled while it waits has taken nothing, and another may go on.
     */
    @Override
    Iterator<WebSocketMessage> iterator();

    /**
     * Throws away what comes until the socket is closed, and answers pings meanwhile: for programs that only send, in a
     * task beside. Errors and cancellation are those of {@link #receive}, without its limit for messages.
     */
    void awaitClose();

    // ---- sending ----

    /**
     * Sends a text, waiting for its turn and while the peer is slower. What is no character, a surrogate alone, becomes
     * a question mark.
     *
     * <p>Cancellation: a cancelled call has sent nothing, or has cut the frame off: see above.
     *
     * @throws ClosedException if either side has closed
     * @throws BrokenException if the connection is lost, or an earlier message was broken off
     * @throws CancelledException if the enclosing scope is cancelled
     */
    void sendText(String text);

    /** Sends bytes, which are not changed meanwhile; as {@link #sendText}. */
    void sendBinary(byte[] bytes);

    /** Sends a message, such as one that came; as {@link #sendText}. */
    void send(WebSocketMessage message);

    /**
     * Sends a text that is written in UTF-8 while it is sent: a frame for each 16 KiB and for each flush. Messages of
     * other tasks wait until it is over. Errors are those of {@link #sendText}.
     *
     * <p>Cancellation: a message that a failure or a cancel ends in its middle can never be whole, so all that may
     * follow is a close.
     *
     * @throws IllegalArgumentException if what is written is not UTF-8
     */
    void streamText(BodyWriter writer);

    /** Sends bytes that are written while they are sent, as {@link #streamText}. */
    void streamBinary(BodyWriter writer);

    /**
     * Sends a ping; does not wait for the pong, which {@link #latency} tells of. Errors and cancellation are those of
     * {@link #sendText}. The heartbeat does this by itself.
     */
    void ping();

    // ---- closing ----

    /** Closes with 1000, as {@link #close(int, String)}. */
    @Override
    void close();

    /**
     * Sends a close and waits for the peer's, throwing away what comes before it; a task that receives meanwhile gets
     * it instead. After {@link WebSocketOptions#closeTimeout} without an answer it aborts. Does nothing to a closed
     * socket, and never throws for a lost connection.
     *
     * <p>Cancellation: a cancelled call has aborted the connection.
     *
     * @param code 1000 for a normal end, 1001 to 1014 without 1004 to 1006 as RFC 6455, section 7.4.1, says, or 3000 to
     *     4999
     * @param reason for the peer's log, 123 bytes as UTF-8 at most
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    void close(int code, String reason);

    /**
     * Closes at once, without a word to the peer. Tasks that wait get a {@link ClosedException}. Does nothing to a
     * closed socket.
     */
    void abort();

    /** Whether neither side has begun to close and the connection is not known to be lost. */
    boolean isOpen();

    /**
     * How it ended: the code of the peer's close; 1005 if that had none; the code of ours if the peer broke a rule;
     * 1006 if the connection was lost or aborted. Empty until then.
     */
    OptionalInt closeCode();

    /** What the peer's close says besides; mostly empty. Written by the peer: escape it where it is shown. */
    String closeReason();

    /** The subprotocol that both sides agreed on. */
    Optional<String> subprotocol();

    /** How long the last ping took there and back; empty before the first. */
    Optional<Duration> latency();

    /** The peer's address, fit for a log line. */
    String remoteAddress();
}
