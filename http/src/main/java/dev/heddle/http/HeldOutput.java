package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.net.ByteStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Small responses that wait a moment for the next one, since the next request has come already: they leave together, by one write.
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
final class HeldOutput {

    /** How long until the callback looks again at a peer that takes nothing. */
    private static final Duration PATIENCE = Duration.ofMillis(5);

    private final ServerRun run;
    private final ByteStream stream;
    private final Runnable later = this::flushLater;
    private @Nullable OutBuffer held;
    private boolean scheduled;

    /** The task writes what is held. */
    private boolean writing;

    HeldOutput(ServerRun run, ByteStream stream) {
        this.run = run;
        this.stream = stream;
    }

    /** A buffer to write a response into, behind what is held. The caller writes, holds or gives back. */
    OutBuffer take() {
        OutBuffer buffer = held;
        held = null;
        return buffer == null ? run.takeBuffer() : buffer;
    }

    /** Keeps a buffer for what follows. */
    void hold(OutBuffer buffer) {
        held = buffer;
        if (!scheduled) {
            scheduled = true;
            run.loop().callSoon(later);
        }
    }

    boolean isEmpty() {
        return held == null;
    }

    /** Writes what is held, waiting if need be. */
    void flush() {
        OutBuffer buffer = held;
        if (buffer == null) {
            return;
        }
        writing = true;
        try {
            stream.write(buffer.view());
        } finally {
            writing = false;
            drop();
        }
    }

    /** Gives the buffer back, and what is in it up. */
    void drop() {
        OutBuffer buffer = held;
        if (buffer != null) {
            held = null;
            run.giveBuffer(buffer);
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
            stream.transport().tryWrite(rest);
        } catch (BrokenException | ClosedException e) {
            // The task will find out.
            return;
        }
        if (!rest.hasRemaining()) {
            drop();
            return;
        }
        buffer.cut(0, rest.position());
        scheduled = true;
        run.loop().callLater(PATIENCE, later);
    }
}
