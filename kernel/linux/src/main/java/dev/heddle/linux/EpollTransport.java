package dev.heddle.linux;

import dev.heddle.BrokenException;
import dev.heddle.engine.AbstractTransport;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SocketAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket, a pipe or a terminal of {@link EpollEngine}.
 *
 * <p>A read that comes short has emptied a stream: what arrives later is told by a new edge. Only the end may have come
 * together with the last bytes, and the kernel tells it in the same edge, so after that each read asks the kernel
 * again.
 *
 * <p>What was accepted is watched from the first time that the kernel has no bytes for it or no room: a connection of one
 * request is mostly never watched. Until then a short read says nothing, since no edge would follow.
 */
final class EpollTransport extends AbstractTransport implements Epoll.Handler, EpollResources.Held {

    private static final int ALL = Epoll.EPOLLIN | Epoll.EPOLLOUT | Epoll.EPOLLRDHUP | Epoll.EPOLLET;
    private static final int READABLE = Epoll.EPOLLIN | Epoll.EPOLLRDHUP | Epoll.EPOLLHUP | Epoll.EPOLLERR;
    private static final int WRITABLE = Epoll.EPOLLOUT | Epoll.EPOLLHUP | Epoll.EPOLLERR;
    private static final int ENDING = Epoll.EPOLLRDHUP | Epoll.EPOLLHUP | Epoll.EPOLLERR;

    private final EpollResources engine;
    private final int descriptor;
    private final Descriptor endpoint;
    private final Epoll.Registration registration;
    private final EdgeState reading;
    private final EdgeState writing;

    /** Whether the peer has ended its direction or the connection is lost: reads may not guess any more. */
    private boolean ending;

    private EpollTransport(EpollResources engine, int descriptor, Descriptor endpoint, boolean connected) {
        this.engine = engine;
        this.descriptor = descriptor;
        this.endpoint = endpoint;
        this.reading = new EdgeState(connected, "reading from ", endpoint);
        this.writing = new EdgeState(connected, connected ? "writing to " : "connecting to ", endpoint);
        this.registration = engine.epoll.hold(descriptor, this);
    }

    /** Takes an accepted socket over. */
    static EpollTransport accepted(
            EpollResources engine, int descriptor, SocketAddress remote, @Nullable SocketAddress local) {
        return new EpollTransport(
                engine, descriptor, Descriptor.socket(engine.sockets, descriptor, remote, local), true);
    }

    static EpollTransport adopt(EpollResources engine, int descriptor, String name) throws IOException {
        engine.sockets.makeNonBlocking(descriptor);
        return watched(new EpollTransport(
                engine, descriptor, Descriptor.other(engine.sockets, descriptor, name), true));
    }

    /** Watched at once, so that a descriptor which cannot be is told of where it was given; that stays its owner's. */
    private static EpollTransport watched(EpollTransport transport) throws IOException {
        try {
            transport.engine.epoll.watch(transport.registration, ALL);
            return transport;
        } catch (IOException | RuntimeException e) {
            transport.engine.epoll.forget(transport.registration);
            throw e;
        }
    }

    /** @param local where from; null leaves that to the system */
    static EpollTransport connect(EpollResources engine, SocketAddress remote, @Nullable InetSocketAddress local)
            throws IOException {
        Sockets sockets = engine.sockets;
        int descriptor = sockets.open(SocketAddresses.family(remote));
        EpollTransport transport = null;
        boolean connected = false;
        try {
            if (local != null) {
                sockets.bind(descriptor, local);
            }
            boolean done = sockets.connect(descriptor, remote);
            // Not before connect(2): the kernel calls a socket that is not connected hung up.
            transport = watched(new EpollTransport(
                    engine, descriptor, Descriptor.socket(sockets, descriptor, remote, null), done));
            transport.awaitConnected();
            connected = true;
            return transport;
        } finally {
            if (!connected && transport != null) {
                transport.close();
            } else if (!connected) {
                sockets.close(descriptor);
            }
        }
    }

    private void awaitConnected() throws IOException {
        if (!writing.isReady()) {
            writing.await();
        }
        checkOpen();
        int error = engine.sockets.takeError(descriptor);
        if (error != 0) {
            throw Errno.exception(error);
        }
        endpoint.connected();
        writing.nowDoing("writing to ");
    }

    int descriptor() {
        checkOpen();
        return descriptor;
    }

    /** The number of the peer's user, of a Unix connection. */
    int peerUser() throws IOException {
        return SocketFacts.peerUser(engine.sockets, descriptor);
    }

    /** Waits for what the peer of a Unix connection passes on. */
    PassedDescriptors receivePassed() throws IOException {
        while (true) {
            checkOpen();
            PassedDescriptors passed = reading.isWorthTrying()
                    ? PassedDescriptors.receive(engine.sockets.kernel, descriptor)
                    : null;
            if (passed != null) {
                return passed;
            }
            exhausted(reading);
            reading.await();
        }
    }

    /** The kernel has no more for now, and an edge will tell when it has. */
    private void exhausted(EdgeState direction) {
        watch();
        direction.exhausted();
    }

    private void watch() {
        if (!registration.isWatched()) {
            try {
                engine.epoll.watch(registration, ALL);
            } catch (IOException e) {
                throw lost(e);
            }
        }
    }

    @Override
    public void happened(int events) {
        if ((events & ENDING) != 0) {
            ending = true;
        }
        if ((events & READABLE) != 0) {
            reading.happened();
        }
        if ((events & WRITABLE) != 0) {
            writing.happened();
        }
    }

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        if (!reading.isWorthTrying()) {
            return 0;
        }
        int room = Sockets.mostAtOnce(target);
        int count = endpoint.read(target);
        if (count > 0) {
            if (count < room && endpoint.isStream && !ending && registration.isWatched()) {
                reading.exhausted();
            }
            return count;
        }
        if (count == 0 || isLost()) {
            return endOfInput();
        }
        return nothing(-count, reading);
    }

    @Override
    public void awaitReadable() {
        checkOpen();
        watch();
        if (!reading.isReady() && !isLost()) {
            reading.await();
        }
        checkOpen();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        checkOutputOpen();
        if (!writing.isWorthTrying() || !source.hasRemaining()) {
            return 0;
        }
        int offered = Sockets.mostAtOnce(source);
        int count = endpoint.write(source);
        if (count >= 0) {
            if (count < offered && endpoint.isStream) {
                exhausted(writing);
            }
            return count;
        }
        return nothing(-count, writing);
    }

    @Override
    public long trySendFile(FileChannel file, long position, long count) {
        checkOutputOpen();
        if (!writing.isWorthTrying()) {
            return 0;
        }
        int sent = FileSending.send(endpoint, file, position, count);
        if (sent == FileSending.NO_SUCH_WAY) {
            return -1;
        }
        return sent >= 0 ? sent : nothing(-sent, writing);
    }

    @Override
    public <T> Optional<T> option(SocketOption<T> option) {
        checkOpen();
        return endpoint.option(option);
    }

    /** The kernel has moved no bytes: for now, or for ever. */
    private int nothing(int errno, EdgeState direction) {
        if (!Errno.isTransient(errno)) {
            throw failed(errno, direction);
        }
        if (errno == Errno.EAGAIN) {
            exhausted(direction);
        }
        return 0;
    }

    /** The kernel tells an error once, whichever direction asks first: whoever waits for the other one looks again. */
    private BrokenException failed(int errno, EdgeState direction) {
        // Its edge may still be to come, and reads may not wait for it.
        ending = true;
        reading.happened();
        writing.happened();
        String reason = Errno.text(errno);
        return direction == writing && Errno.isOfOutput(errno) ? outputLost(reason) : lost(reason);
    }

    @Override
    public void awaitWritable() {
        checkOpen();
        watch();
        if (!writing.isReady() && !isOutputLost()) {
            writing.await();
        }
        checkOpen();
    }

    @Override
    protected void endOutput() {
        try {
            endpoint.shutdownOutput();
        } catch (IOException e) {
            // A connection that is lost, of which reading tells by itself.
            throw outputLost(e);
        }
    }

    @Override
    protected void release() {
        endpoint.forget();
        engine.epoll.forget(registration);
        engine.sockets.close(descriptor);
        reading.wake();
        writing.wake();
    }

    @Override
    protected void resetOnClose() {
        engine.sockets.resetOnClose(descriptor);
    }

    @Override
    public void engineCloses() {
        abort();
    }

    @Override
    public String localAddress() {
        return endpoint.local();
    }

    @Override
    public String remoteAddress() {
        return endpoint.toString();
    }
}
