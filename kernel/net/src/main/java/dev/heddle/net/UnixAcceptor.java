package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.engine.AbstractAcceptor;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import dev.heddle.io.FilterTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A listening Unix socket that has moved from where it was bound to its path, and removes it in the end. */
final class UnixAcceptor extends AbstractAcceptor {

    private final Acceptor acceptor;
    private final Path path;
    private final UnixPaths.@Nullable Found own;
    private boolean leavesPath;

    private UnixAcceptor(Acceptor acceptor, Path path, UnixPaths.@Nullable Found own) {
        super(UnixDomainSocketAddress.of(path));
        this.acceptor = acceptor;
        this.path = path;
        this.own = own;
    }

    /** All or nothing: no cancel comes between its steps, of which none waits for anybody but the file system. */
    static UnixAcceptor listen(Engine engine, Path path, UnixOptions options) throws IOException {
        String name = UnixPaths.randomName();
        try {
            return Heddle.shield(() -> {
                Path place = onWorker(() -> UnixPaths.privatePlace(path, name));
                try {
                    return listenIn(place, engine, path, options);
                } finally {
                    onWorker(() -> {
                        UnixPaths.removePlace(place);
                        return place;
                    });
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static UnixAcceptor listenIn(Path place, Engine engine, Path path, UnixOptions options) {
        Path fresh = place.resolve("s");
        Acceptor acceptor;
        try {
            acceptor = engine.listen(
                    UnixDomainSocketAddress.of(fresh),
                    ListenOptions.DEFAULT.withBacklog(options.backlog()).withReuseAddress(false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return new UnixAcceptor(
                    acceptor, path, onWorker(() -> UnixPaths.publish(fresh, path, options.permissions())));
        } catch (Throwable e) {
            acceptor.close();
            throw e;
        }
    }

    /** Takes the place of another process that has bound it to its path, and has passed it on. In a worker. */
    static UnixAcceptor adopted(Acceptor acceptor, Path path) throws IOException {
        return new UnixAcceptor(acceptor, path, UnixPaths.find(path));
    }

    /** What is bound. */
    Acceptor bare() {
        return acceptor;
    }

    /** The connection that one of this acceptor's stands for. */
    static Transport bare(Transport accepted) {
        return accepted instanceof Accepted own ? own.bare() : accepted;
    }

    Path path() {
        return path;
    }

    /** Another process goes on listening: the end here does not remove the path. */
    void leavePath() {
        leavesPath = true;
    }

    /** What a worker does with files. */
    private interface FileWork<T> {
        T run() throws IOException;
    }

    private static <T> T onWorker(FileWork<T> work) {
        return Heddle.offload(() -> {
            try {
                return work.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public Transport accept() {
        return new Accepted(acceptor.accept());
    }

    @Override
    public @Nullable Transport acceptNow() {
        Transport bare = acceptor.acceptNow();
        return bare == null ? null : new Accepted(bare);
    }

    /**
     * Removes the path before nobody listens on it any more, so that whoever connects finds nothing rather than a dead
     * socket.
     */
    @Override
    protected void release() {
        if (own != null && !leavesPath) {
            UnixPaths.removeIfOwn(path, own);
        }
        acceptor.close();
    }

    /** A connection that knows the socket's path; the system only knows where it was bound. */
    private final class Accepted extends FilterTransport {

        Accepted(Transport under) {
            super(under, ByteBuffer.allocate(0));
        }

        Transport bare() {
            return under();
        }

        @Override
        public int tryRead(ByteBuffer target) {
            try {
                return super.tryRead(target);
            } catch (BrokenException e) {
                throw named(e);
            }
        }

        @Override
        public int tryWrite(ByteBuffer source) {
            try {
                return super.tryWrite(source);
            } catch (BrokenException e) {
                throw named(e);
            }
        }

        @Override
        public long trySendFile(FileChannel file, long position, long count) {
            try {
                return under().trySendFile(file, position, count);
            } catch (BrokenException e) {
                throw named(e);
            }
        }

        private BrokenException named(BrokenException loss) {
            String words = String.valueOf(loss.getMessage()).replace(under().localAddress(), localAddress());
            return loss.getCause() == null ? new BrokenException(words) : new BrokenException(words, loss.getCause());
        }

        @Override
        public String localAddress() {
            return path.toString();
        }

        @Override
        public String toString() {
            return "connection " + localAddress() + " to " + remoteAddress();
        }
    }
}
