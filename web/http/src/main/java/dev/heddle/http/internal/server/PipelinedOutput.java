package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.http.internal.codec.OutBuffer;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.TransportRules;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The output of small responses that wait a moment for the next one, since the next request has come already: they
 * leave together, by one write.
 *
 * <pre>
 *   nothing ──hold──▶ held ──take, to append──▶ nothing
 *                      └──the connection's task is about to wait: flush; it waits elsewhere: the loop's callback ──▶ nothing
 * </pre>
 *
 * <p>A response is never kept back by a handler that waits: the callback runs as soon as the task gives way.
 *
 * <p>Threads: the connection's task, and callbacks of its loop.
 */
final class PipelinedOutput {

    /**
     * How long until the callback looks again at a peer that takes nothing; doubles each time, since many peers may do
     * so.
     */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);

    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

    private final ServerLoop loop;
    private final ByteStream stream;
    private final Runnable later = this::flushLater;
    private @Nullable OutBuffer held;
    private boolean scheduled;
    private Duration pause = FIRST_PAUSE;

    /** The task writes what is held. */
    private boolean writing;

    PipelinedOutput(ServerLoop loop, ByteStream stream) {
        this.loop = loop;
        this.stream = stream;
    }

    /** A buffer to write a response into, behind what is held. The caller writes, holds or gives back. */
    OutBuffer take() {
        OutBuffer buffer = held;
        held = null;
        return buffer == null ? loop.takeBuffer() : buffer;
    }

    /** Keeps a buffer for what follows. */
    void hold(OutBuffer buffer) {
        held = buffer;
        pause = FIRST_PAUSE;
        flushSoon();
    }

    private void flushSoon() {
        if (!scheduled) {
            scheduled = true;
            loop.loop().callSoon(later);
        }
    }

    boolean isEmpty() {
        return held == null;
    }

    /**
     * Writes what is held, waiting if need be.
     *
     * <p>Cancellation: what a cancelled call has not written stays held, since the handler that was cut off may go on
     * and answer, and its response must not come in the place of another.
     */
    void flush() {
        OutBuffer buffer = held;
        if (buffer == null) {
            return;
        }
        ByteBuffer rest = buffer.view();
        writing = true;
        try {
            stream.write(rest);
        } finally {
            writing = false;
            left(buffer, rest.position());
            if (held != null) {
                flushSoon();
            }
        }
    }

    /** Bytes of the held buffer have left. */
    private void left(OutBuffer buffer, int count) {
        if (count == buffer.size()) {
            drop();
        } else {
            buffer.cut(0, count);
        }
    }

    /** Gives the buffer back, and what is in it up. */
    void drop() {
        OutBuffer buffer = held;
        if (buffer != null) {
            held = null;
            loop.giveBuffer(buffer);
        }
    }

    private void flushLater() {
        scheduled = false;
        OutBuffer buffer = held;
        if (buffer == null || writing || !stream.isOpen()) {
            return;
        }
        ByteBuffer rest = buffer.view();
        try {
            TransportRules.tryWrite(stream.transport(), rest);
        } catch (BrokenException | ClosedException e) {
            // The task will find out.
            return;
        }
        left(buffer, rest.position());
        if (held != null) {
            scheduled = true;
            loop.loop().callLater(pause, later);
            Duration next = pause.multipliedBy(2);
            pause = next.compareTo(MAX_PAUSE) < 0 ? next : MAX_PAUSE;
        }
    }
}
