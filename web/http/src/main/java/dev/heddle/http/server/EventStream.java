package dev.heddle.http.server;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.internal.syntax.EventLines;
import dev.heddle.sync.Mutex;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The events of one response on their way to a peer: see {@link Response#events}.
 *
 * <p>Each event leaves at once. While there is none, a comment is sent from time to time, so that nobody on the way
 * takes the connection for dead, and so that a peer that has gone is noticed.
 *
 * <p>Cancellation: a cancelled call may have sent a part of its event, so it ends the stream: later calls throw {@link
 * ClosedException}, and the peer connects again.
 *
 * <p>Threads: tasks of the server's loop; several may send, and are served in turn. To test code that sends events,
 * read them with {@link dev.heddle.http.client.Reply#events()}.
 */
public final class EventStream {

    private static final byte[] HEARTBEAT = {':', '\n', '\n'};

    private final OutputStream out;
    private final Loop loop = Heddle.currentLoop();
    private final Mutex sending = Mutex.named("sending events");
    private long lastNanos = loop.nanoTime();
    private @Nullable String over;
    private @Nullable Throwable cause;
    private boolean closed;

    EventStream(OutputStream out) {
        this.out = out;
    }

    /** Sends an event with data only, as {@link #send(ServerSentEvent)}. */
    public void send(String data) {
        send(ServerSentEvent.of(data));
    }

    /**
     * Sends an event, waiting while the peer is slower.
     *
     * @throws ClosedException if the peer has gone, a call was cut off, or the response is over
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void send(ServerSentEvent event) {
        write(event.text().getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a text that readers skip, as {@link #send(ServerSentEvent)} sends an event. */
    public void comment(String text) {
        var lines = new StringBuilder();
        EventLines.append(lines, ": ", text);
        write(lines.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the head of the response, so that the peer knows that it is connected. */
    void open() {
        write(new byte[0]);
    }

    /** Sends comments when nothing else was sent for a while; returns when the peer has gone. */
    void beat(Duration interval) {
        try {
            while (true) {
                Heddle.sleep(interval.minusNanos(loop.nanoTime() - lastNanos));
                if (loop.nanoTime() - lastNanos >= interval.toNanos()) {
                    write(HEARTBEAT);
                }
            }
        } catch (ClosedException gone) {
            // Whoever sends the next event is told.
        }
    }

    /** Runs an action at a moment when nobody sends, after which nobody does. */
    void close(Runnable action) {
        sending.run(() -> {
            throwIfOver();
            over = "the response with these events is over";
            closed = true;
            action.run();
        });
    }

    /** As {@link #close}, if it is not over by then. */
    void end(Runnable action) {
        try {
            close(action);
        } catch (ClosedException over) {
            // The peer has gone, or the writer was first.
        }
    }

    /** Whether the writer, or the stop of the server, has ended it in order. */
    boolean isClosed() {
        return closed;
    }

    /** Throws what has ended the stream, if anything has. */
    void throwIfOver() {
        if (over != null) {
            throw new ClosedException(over, cause);
        }
    }

    private void write(byte[] bytes) {
        sending.run(() -> {
            throwIfOver();
            // Until all of it has left.
            over = "an earlier event was cut off";
            try {
                out.write(bytes);
                out.flush();
            } catch (BrokenException | ClosedException | IOException e) {
                over = "the peer has gone";
                cause = e;
                throwIfOver();
            }
            over = null;
            lastNanos = loop.nanoTime();
        });
    }
}
