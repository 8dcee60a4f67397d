package dev.heddle.engine;

import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.internal.FirstUse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The portable engine: a selector of Java NIO. */
public final class NioEngine extends SystemEngine {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A Unix socket whose listener's queue is full cannot be waited for: connect(2), EAGAIN, which the JDK passes on. */
    private static final Duration QUEUE_REST = Duration.ofMillis(1);

    private static final String QUEUE_FULL = "Resource temporarily unavailable";

    /** What the last look has woken. */
    final NioBacklog backlog = new NioBacklog();

    private volatile @Nullable Selector selector;

    /** Makes an engine that holds no channel, and so no selector, yet. */
    public NioEngine() {}

    @Override
    public String name() {
        return "nio";
    }

    @Override
    protected void pollSystem(long timeoutNanos) {
        if (timeoutNanos == 0 && backlog.putsOff()) {
            return;
        }
        Selector open = Objects.requireNonNull(selector);
        backlog.look();
        try {
            if (timeoutNanos == 0) {
                open.selectNow(NioEngine::dispatch);
            } else {
                open.select(NioEngine::dispatch, millis(timeoutNanos));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the selector failed", e);
        }
    }

    /** Rounds up, so that timers are not early; 0 means no limit to the selector. */
    private static long millis(long nanos) {
        return nanos == Long.MAX_VALUE ? 0 : nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1);
    }

    @Override
    protected void wakePoller() {
        Objects.requireNonNull(selector).wakeup();
    }

    private static void dispatch(SelectionKey key) {
        ((NioHandle) key.attachment()).ready(key);
    }

    /** Registers a channel with no interest yet. */
    SelectionKey register(SelectableChannel channel, NioHandle handle) throws IOException {
        channel.configureBlocking(false);
        return channel.register(opened(), 0, handle);
    }

    private Selector opened() throws IOException {
        Selector open = selector;
        if (open != null) {
            return open;
        }
        Selector made = Selector.open();
        open = selector;
        if (open != null) { // another task came here while this one waited for a class of the JDK to begin
            made.close();
            return open;
        }
        selector = made;
        pollerIsOpen();
        return made;
    }

    /** The JDK frees the descriptors of closed channels when it selects; this frees them now. On the loop. */
    void freeClosed() {
        Selector open = selector;
        if (open != null && open.isOpen()) {
            try {
                open.selectNow(NioEngine::dispatch);
            } catch (IOException e) {
                throw new UncheckedIOException("the selector failed", e);
            }
        }
    }

    /** Rests while the queue of a Unix socket's listener is full, as the engines of Linux do. */
    @Override
    public Transport connect(SocketAddress remote) throws IOException {
        FirstUse.CHANNELS.begin();
        while (true) {
            CancelScope.throwIfCancelled();
            try {
                return connectOnce(remote, null);
            } catch (SocketException e) {
                if (!(remote instanceof UnixDomainSocketAddress) || !QUEUE_FULL.equals(e.getMessage())) {
                    throw e;
                }
            }
            Heddle.sleep(QUEUE_REST);
        }
    }

    @Override
    public Transport connect(InetSocketAddress remote, InetSocketAddress local) throws IOException {
        FirstUse.CHANNELS.begin();
        CancelScope.throwIfCancelled();
        return connectOnce(remote, local);
    }

    private Transport connectOnce(SocketAddress remote, @Nullable InetSocketAddress local) throws IOException {
        SocketChannel channel = remote instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        try {
            if (local != null) {
                // Else each of several attempts would take the port from the next.
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, local.getPort() != 0);
                channel.bind(local);
            }
            var connect = new NioConnect(this, channel, remote);
            connect.run();
            return new NioTransport(this, channel, connect.key());
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
        FirstUse.CHANNELS.begin();
        boolean unix = local instanceof UnixDomainSocketAddress;
        ServerSocketChannel channel = unix
                ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                : ServerSocketChannel.open();
        try {
            if (!unix) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, options.reuseAddress());
                if (options.reusePort()) {
                    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                }
            }
            channel.bind(local, options.backlog());
            return new NioAcceptor(this, channel);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Watch watch(SelectableChannel channel, Watch.Listener listener) throws IOException {
        Selector open = selector;
        if (open != null && channel.keyFor(open) != null) {
            throw new IllegalStateException(channel + " is watched already");
        }
        return new NioWatch(this, channel, listener);
    }

    @Override
    public void close() {
        closeDatagrams();
        Selector open = selector;
        if (open == null) {
            return;
        }
        try {
            for (SelectionKey key : new ArrayList<>(open.keys())) {
                ((NioHandle) key.attachment()).engineCloses();
            }
            open.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the selector could not be closed", e);
        }
    }

    /** What hangs on a selection key. */
    interface NioHandle {
        /** Called below the tasks. */
        void ready(SelectionKey key);

        /** The engine ends: close the channel, unless it is somebody else's. */
        default void engineCloses() throws IOException {}
    }
}
