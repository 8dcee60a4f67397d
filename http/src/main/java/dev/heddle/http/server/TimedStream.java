package dev.heddle.http.server;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Loop;
import dev.heddle.http.internal.codec.PeerDeadline.Way;
import dev.heddle.http.internal.codec.PeerDeadline;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a connection of HTTP/1 as its server uses it: each wait for the peer has a deadline, and what is held of earlier
 * responses leaves before anything is waited for. Most writes never wait, and those cost no deadline.
 *
 * <p>For the tasks of the connection; one reads and one writes at a time.
 */
final class TimedStream {

    private final PatientTransport transport;
    private final ByteStream stream;
    private final PipelinedOutput held;
    private final Duration grace;
    private final Loop loop;
    private final PeerDeadline deadline;
    private boolean lost;

    /**
     * @param bare the stream of the connection; not to be used any more
     */
    TimedStream(ServerLoop run, ByteStream bare) {
        this.grace = run.limits().transferGrace();
        this.loop = run.loop();
        this.deadline = new PeerDeadline(loop);
        this.transport = new PatientTransport(bare, loop, deadline);
        this.stream = new ByteStream(transport);
        this.held = new PipelinedOutput(run, stream);
    }

    ByteStream plain() {
        return stream;
    }

    /** Small responses that wait for company. */
    PipelinedOutput held() {
        return held;
    }

    /** The scope that a late peer cuts off; null for none, and then nobody is late. */
    void scope(@Nullable CancelScope connection) {
        deadline.scope(connection);
    }

    /** Whether the peer was found to be gone, so that a failure of the handler may be no fault of its own. */
    boolean isLost() {
        return lost;
    }

    /** Whether the peer has sent more than was read, so that nothing has to be waited for. */
    boolean hasMore() {
        return stream.buffered().hasRemaining();
    }

    /** Looks whether the connection is one of HTTP/2, waiting for its first bytes. */
    boolean takePreface(Duration within) {
        deadline.arm(Way.SENDING, within);
        try {
            return Http2Preface.take(stream);
        } finally {
            deadline.disarm(Way.SENDING);
        }
    }

    /** Waits for bytes; an empty buffer is the end of the stream. */
    ByteBuffer fill(Duration within) {
        flush();
        deadline.arm(Way.SENDING, within);
        try {
            return stream.fill();
        } catch (BrokenException | ClosedException e) {
            lost = true;
            throw e;
        } finally {
            deadline.disarm(Way.SENDING);
        }
    }

    /** Gives bytes of a body that are there, or waits for them, no longer than its limit allows; as {@link #fill(Duration)}. */
    ByteBuffer fill(TransferLimit limit) {
        ByteBuffer in = stream.buffered();
        if (in.hasRemaining()) {
            return in;
        }
        flush();
        long start = loop.nanoTime();
        try {
            return fill(limit.allowance(0));
        } finally {
            limit.waited(loop.nanoTime() - start);
        }
    }

    /** Sends the responses that wait for company: nothing may be waited for with them in hand. */
    void flush() {
        if (held.isEmpty()) {
            return;
        }
        transport.begin(grace);
        try {
            held.flush();
        } catch (BrokenException | ClosedException e) {
            lost = true;
            throw e;
        } finally {
            transport.end();
        }
    }

    /** Writes bytes that are few, which the peer must take within the grace time. */
    void write(ByteBuffer source) {
        transport.begin(grace);
        try {
            stream.write(source);
        } catch (BrokenException | ClosedException e) {
            lost = true;
            throw e;
        } finally {
            transport.end();
        }
    }

    /** Writes bytes as slowly as a limit allows. */
    void write(TransferLimit limit, ByteBuffer... sources) {
        long bytes = 0;
        for (ByteBuffer source : sources) {
            bytes += source.remaining();
        }
        transport.begin(limit, bytes);
        try {
            stream.write(sources);
        } catch (BrokenException | ClosedException e) {
            lost = true;
            throw e;
        } finally {
            transport.end();
        }
    }

    /** Has the kernel send a part of a file, as {@link ByteStream#sendFile(FileChannel, long, long)}, as slowly as a limit allows. */
    long sendFile(TransferLimit limit, FileChannel file, long position, long count) {
        transport.begin(limit, count);
        try {
            return stream.sendFile(file, position, count);
        } finally {
            transport.end();
        }
    }
}
