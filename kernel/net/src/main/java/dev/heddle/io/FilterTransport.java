package dev.heddle.io;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import dev.heddle.internal.Unclosed;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transport over another that passes all on, for those that change one thing: what differs is overridden. Bytes that
 * were read ahead come first.
 *
 * <pre>{@code
 * final class Counted extends FilterTransport {
 *     long read;
 *
 *     Counted(Transport under) {
 *         super(under, ByteBuffer.allocate(0));
 *     }
 *
 *     public int tryRead(ByteBuffer target) {
 *         int count = super.tryRead(target);
 *         read += Math.max(0, count);
 *         return count;
 *     }
 * }
 * var counted = new ByteStream(new Counted(transport));
 * }</pre>
 *
 * <p>A loss is remembered by the transport under it. One that keeps bytes or ends of its own gives them in their order:
 * a loss or an end under it stands behind all that came before.
 *
 * <p>Files are not passed on inside the kernel, past {@link #tryWrite}: who does not look at what is written overrides
 * {@link #trySendFile} as well, and asks {@link #under()}.
 *
 * <p>Threads and cancellation: as {@link Transport}. To test one, put it over an end of {@link MemoryStreams#pair()}.
 */
public abstract class FilterTransport implements Transport {

    private final Transport under;
    private ByteBuffer ahead;

    /** Of the stream whose place this takes, until a stream is made of this. */
    private @Nullable Unclosed watch;

    /**
     * Makes a transport that takes the place of a stream, which must not be used any more; what it had read ahead comes
     * first.
     *
     * @throws BusyException if a task is reading or writing
     * @throws BrokenException if an earlier write was cut off
     * @throws ClosedException if it goes on under TLS
     */
    protected FilterTransport(ByteStream stream) {
        this(stream, ByteBuffer.wrap(stream.handOver()));
    }

    private FilterTransport(ByteStream handedOver, ByteBuffer ahead) {
        this.ahead = ahead;
        this.watch = handedOver.unwatch();
        this.under = handedOver.transport();
    }

    /**
     * Makes a transport, which owns the one under it from now on.
     *
     * @param ahead what comes before all that the other one reads; not copied
     */
    protected FilterTransport(Transport under, ByteBuffer ahead) {
        this.under = under;
        this.ahead = ahead;
    }

    /** Takes another stream's place, too, which may be the only one that is watched. */
    final void takePlaceOf(ByteStream other) {
        Unclosed watched = other.unwatch();
        watch = watch == null ? watched : watch;
    }

    @Nullable Unclosed takeWatch() {
        Unclosed taken = watch;
        watch = null;
        return taken;
    }

    /** What all is passed on to. */
    protected final Transport under() {
        return under;
    }

    /**
     * The nearest transport of a kind, this one or one that is under it for both directions; empty if there is none.
     */
    public <T extends Transport> Optional<T> find(Class<T> kind) {
        if (kind.isInstance(this)) {
            return Optional.of(kind.cast(this));
        }
        if (under instanceof FilterTransport filter) {
            return filter.find(kind);
        }
        return kind.isInstance(under) ? Optional.of(kind.cast(under)) : Optional.empty();
    }

    @Override
    public int tryRead(ByteBuffer target) {
        return ahead.hasRemaining() && under.isOpen() ? readAhead(target) : under.tryRead(target);
    }

    private int readAhead(ByteBuffer target) {
        int count = Math.min(target.remaining(), ahead.remaining());
        target.put(ahead.slice(ahead.position(), count));
        ahead.position(ahead.position() + count);
        if (!ahead.hasRemaining()) {
            ahead = ByteBuffer.allocate(0);
        }
        return count;
    }

    @Override
    public void awaitReadable() {
        if (!ahead.hasRemaining()) {
            under.awaitReadable();
        }
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        return under.tryWrite(source);
    }

    @Override
    public void awaitWritable() {
        under.awaitWritable();
    }

    @Override
    public <T> Optional<T> option(SocketOption<T> option) {
        return under.option(option);
    }

    @Override
    public void shutdownOutput() {
        under.shutdownOutput();
    }

    @Override
    public void close() {
        under.close();
    }

    @Override
    public void abort() {
        under.abort();
    }

    @Override
    public boolean isOpen() {
        return under.isOpen();
    }

    @Override
    public String localAddress() {
        return under.localAddress();
    }

    @Override
    public String remoteAddress() {
        return under.remoteAddress();
    }

    @Override
    public String toString() {
        return under.toString();
    }
}
