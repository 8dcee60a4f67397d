package dev.heddle.engine;

import dev.heddle.CancelledException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.List;

/**
 * An engine that knows bare descriptors of the system, such as pipes, terminals and timerfds, and takes sockets from
 * other processes: those of Linux.
 */
public interface DescriptorEngine extends Engine {

    /**
     * The same engine, known to take bare descriptors.
     *
     * @throws UnsupportedOperationException if it cannot, as the portable one
     */
    static DescriptorEngine of(Engine engine) {
        if (engine instanceof DescriptorEngine able) {
            return able;
        }
        throw new UnsupportedOperationException(
                "the engine " + engine.name() + " cannot watch bare descriptors; the engines of Linux can");
    }

    /**
     * Watches whether a descriptor is ready. It must be non-blocking and stays the caller's: close the watch before the
     * descriptor.
     *
     * @param listener hears of readiness, below the tasks
     * @throws IOException if the system cannot watch it: regular files are always ready, for instance
     * @throws IllegalStateException if the descriptor is watched by this engine already
     */
    Watch watch(int descriptor, Watch.Listener listener) throws IOException;

    /**
     * Takes a descriptor over as a transport: one end of a pipe, a terminal, a connected socket. It becomes
     * non-blocking and is closed with the transport.
     *
     * @param name what it is, fit for a log line
     * @throws IOException if the system cannot wait for it
     */
    Transport adopt(int descriptor, String name) throws IOException;

    /**
     * Takes a socket over that listens for streams already. It becomes non-blocking, is closed by exec(2), and is
     * closed with the acceptor; another process that has it too goes on listening. If that fails, it stays as it is.
     *
     * @throws IOException if it is no such socket
     */
    Acceptor adoptListening(int descriptor) throws IOException;

    /** Whether {@link #pass} takes an acceptor: one of an engine's own making, with nothing around it. */
    boolean canPass(Acceptor acceptor);

    /**
     * Passes listening sockets on to the peer of a Unix connection, with a message ({@code SCM_RIGHTS}, unix(7)): both
     * processes accept from them then, until one closes them. Never waits.
     *
     * @param connection a bare connection of this engine, over which nothing is being written
     * @param message at most 16 KiB in UTF-8, not empty
     * @param acceptors at most {@value #MAX_PASSED} of this engine; they stay the caller's
     * @throws IOException if the peer is gone, or there is no room
     * @throws IllegalArgumentException if {@link #canPass} says no to one of them
     */
    void pass(Transport connection, String message, List<Acceptor> acceptors) throws IOException;

    /**
     * Connects to a Unix socket and waits for what its server passes on.
     *
     * <p>Cancellation: a cancelled call leaves no connection and no sockets.
     *
     * @throws IOException if nobody listens there, or the server ends before it has passed anything
     * @throws CancelledException if the enclosing scope is cancelled
     */
    Passed receivePassed(UnixDomainSocketAddress server) throws IOException;

    /** The most sockets of one {@link #pass}. */
    int MAX_PASSED = 64;

    /**
     * What a server has passed on.
     *
     * @param message what it says of the sockets
     * @param acceptors the sockets, in their order; the caller's from now on
     * @param connection on which both go on talking; the caller's from now on
     * @param user the number of the user that the server was when it began to listen ({@code SO_PEERCRED})
     */
    record Passed(String message, List<Acceptor> acceptors, Transport connection, int user) {
        public Passed {
            acceptors = List.copyOf(acceptors);
        }
    }
}
