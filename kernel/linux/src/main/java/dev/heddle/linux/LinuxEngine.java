package dev.heddle.linux;

import dev.heddle.CancelScope;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Child;
import dev.heddle.engine.DatagramRuns;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.engine.GatheringEngine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.SpawnRequest;
import dev.heddle.engine.SystemEngine;
import dev.heddle.engine.Transport;
import dev.heddle.engine.Watch;
import dev.heddle.internal.Descriptors;
import dev.heddle.internal.FirstUse;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The common part of the engines of Linux: whatever is no connection of their own making is watched by an epoll,
 * children are waited for by their descriptors, and another thread wakes the loop through an eventfd.
 */
abstract sealed class LinuxEngine extends SystemEngine implements DescriptorEngine, GatheringEngine
        permits EpollEngine, UringEngine {

    /** A wait that gathers makes no timer and no wake later than this. */
    private static final long MAX_GATHER_NANOS = 1_000_000;

    private final Children children = new Children(this);

    /** What other threads ring; null while nothing is open. */
    volatile @Nullable EventFd bell;

    /** What receives several datagrams at once; null before the first. */
    private @Nullable DatagramRuns runs;

    private boolean closed;

    /** How long the next wait gathers what comes. */
    private long gatherNanos;

    /** Who makes the transports of what is accepted, opened with all the rest if nothing is open yet. */
    abstract EpollResources.Accepting accepting() throws IOException;

    /** The epoll, opened with all the rest if nothing is open yet. */
    abstract EpollResources readiness() throws IOException;

    /** Opens all that is held of the system, unless that is done or the engine is closed. */
    final void openOnce() throws IOException {
        if (needsOpening()) {
            try {
                FirstUse.NATIVE_FUNCTIONS.begin();
                if (needsOpening()) {
                    openNow();
                }
            } catch (IOException e) {
                throw new IOException(name() + " cannot be opened: " + e.getMessage(), e);
            }
        }
    }

    /**
     * Asked again behind what may have waited for a lock, as where two loops of a process begin at the same time: other
     * tasks of this loop come here meanwhile, and all must get the same poller.
     */
    final boolean needsOpening() {
        return !isOpen() && !closed;
    }

    abstract boolean isOpen();

    /** Opens all, and keeps it if that is still {@link #needsOpening needed}. */
    abstract void openNow() throws IOException;

    @Override
    protected void wakePoller() {
        EventFd ringing = bell;
        if (ringing != null) {
            ringing.ring();
        }
    }

    @Override
    public void gather(long nanos) {
        gatherNanos = Math.clamp(nanos, gatherNanos, MAX_GATHER_NANOS);
    }

    /** How long a wait that begins now is to gather, 0 for one that only looks; the next one is not. */
    long takeGather(long timeoutNanos) {
        if (timeoutNanos == 0) {
            return 0;
        }
        long nanos = Math.min(gatherNanos, timeoutNanos);
        gatherNanos = 0;
        return nanos;
    }

    @Override
    public Watch watch(SelectableChannel channel, Watch.Listener listener) throws IOException {
        if (channel.isBlocking()) {
            throw new IllegalStateException(channel + " is blocking; call configureBlocking(false)");
        }
        return new EpollWatch(readiness().epoll, Descriptors.of(channel), channel, listener);
    }

    @Override
    protected DatagramRuns datagramRuns() throws IOException {
        DatagramRuns known = runs;
        if (known == null) {
            FirstUse.NATIVE_FUNCTIONS.begin();
            known = new LinuxDatagramRuns();
            runs = known;
        }
        return known;
    }

    @Override
    public Watch watch(int descriptor, Watch.Listener listener) throws IOException {
        return new EpollWatch(readiness().epoll, descriptor, "descriptor " + descriptor, listener);
    }

    @Override
    public Transport adopt(int descriptor, String name) throws IOException {
        return EpollTransport.adopt(readiness(), descriptor, name);
    }

    @Override
    public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
        return EpollAcceptor.listen(readiness(), local, options, accepting());
    }

    @Override
    public Acceptor adoptListening(int descriptor) throws IOException {
        return EpollAcceptor.adopt(readiness(), descriptor, accepting());
    }

    @Override
    public boolean canPass(Acceptor acceptor) {
        return acceptor instanceof EpollAcceptor;
    }

    @Override
    public void pass(Transport connection, String message, List<Acceptor> acceptors) throws IOException {
        int[] descriptors = acceptors.stream().mapToInt(LinuxEngine::descriptor).toArray();
        PassedDescriptors.send(readiness().sockets.kernel, descriptor(connection), message, descriptors);
    }

    private static int descriptor(Acceptor acceptor) {
        if (acceptor instanceof EpollAcceptor own) {
            return own.descriptor();
        }
        throw new IllegalArgumentException(
                acceptor + " is no socket of an engine of Linux, which alone can be passed on");
    }

    private static int descriptor(Transport connection) {
        return switch (connection) {
            case EpollTransport own -> own.descriptor();
            case UringTransport own -> own.descriptor();
            default -> throw new IllegalArgumentException(connection + " is no bare connection of an engine of Linux");
        };
    }

    @Override
    public Passed receivePassed(UnixDomainSocketAddress server) throws IOException {
        CancelScope.throwIfCancelled();
        EpollTransport connection = EpollTransport.connect(readiness(), server, null);
        List<Acceptor> acceptors = new ArrayList<>();
        try {
            PassedDescriptors passed = connection.receivePassed();
            adoptAll(passed, acceptors);
            return new Passed(passed.message(), acceptors, connection, connection.peerUser());
        } catch (Throwable e) {
            acceptors.forEach(Acceptor::close);
            connection.close();
            throw e;
        }
    }

    private void adoptAll(PassedDescriptors passed, List<Acceptor> acceptors) throws IOException {
        int adopted = 0;
        try {
            for (int descriptor : passed.descriptors()) {
                acceptors.add(adoptListening(descriptor));
                adopted++;
            }
        } finally {
            passed.closeFrom(adopted, readiness().sockets.kernel);
        }
    }

    @Override
    public Child spawn(SpawnRequest request) throws IOException {
        FirstUse.NATIVE_FUNCTIONS.begin();
        return children.canBeStarted() ? children.spawn(request) : super.spawn(request);
    }

    @Override
    public void close() {
        closeDatagrams();
        closed = true;
        children.close();
        closeSystem();
    }

    /** Frees what is open, if anything. */
    abstract void closeSystem();
}
