package dev.heddle.net;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Framing;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.internal.StreamSight;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/**
 * The functions that connect and listen over Unix sockets: between processes of one machine, guarded by the permissions
 * of a file.
 *
 * <pre>{@code
 * try (Listener listener = Unix.listen(Path.of("/run/app/control.sock"))) {
 *     listener.serve(10, stream -> control(stream));
 * }
 * }</pre>
 *
 * <p>A path has at most {@value #MAX_PATH_BYTES} bytes. The abstract names of Linux, which are no files, are not to be
 * had in the JDK.
 *
 * <p>A Unix socket has no reset: what TCP's peer reads as a lost connection, after {@link ByteStream#abort} or a
 * message that was cut off, reads here as the end. So give messages a length or an end of their own, as {@link Framing}
 * does; then an end in the middle is seen.
 *
 * <p>Threads: tasks only; what is made belongs to the current loop. To test code that uses it, give it one end of
 * {@link MemoryStreams#pair()}, or a path in a temporary directory.
 */
public final class Unix {

    /**
     * The longest path, in bytes: of the 108 that Linux has room for (unix(7), {@code sun_path}) the JDK uses so many.
     */
    public static final int MAX_PATH_BYTES = 106;

    private Unix() {}

    /**
     * Connects to a listening socket.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @throws IllegalArgumentException if the path is too long
     * @throws ConnectFailedException if there is no such socket, nobody listens on it, or this user may not connect
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static ByteStream connect(Path path) {
        CancelScope.throwIfCancelled();
        UnixPaths.checkLength(path);
        try {
            return StreamSight.watched(
                    new ByteStream(Heddle.currentLoop().engine().connect(UnixDomainSocketAddress.of(path))));
        } catch (IOException e) {
            throw ConnectFailedException.unix(path, e);
        }
    }

    /** Listens with {@link UnixOptions#DEFAULT}, as {@link #listen(Path, UnixOptions)}. */
    public static Listener listen(Path path) {
        return listen(path, UnixOptions.DEFAULT);
    }

    /**
     * Listens on a path, and removes it when the listener is closed. A socket that a dead process of the same user has
     * left there is replaced; a file, a symbolic link, another user's socket, and one that somebody listens on are left
     * alone.
     *
     * <p>The socket is made in a directory that only its owner can enter and linked to its path when it has its
     * permissions: no moment is left for others to connect, whatever the umask. So the path's directory must be
     * writable and allow hard links, and its own path be at least 9 bytes shorter than {@value #MAX_PATH_BYTES}.
     *
     * <p>Cancellation: a cancelled call has made nothing.
     *
     * @throws IllegalArgumentException if the path, or that of its directory, is too long
     * @throws ListenFailedException if the path is taken, or the socket cannot be made there
     * @throws CancelledException if the enclosing scope is cancelled before it begins
     */
    public static Listener listen(Path path, UnixOptions options) {
        CancelScope.throwIfCancelled();
        UnixPaths.checkLength(path);
        try {
            return new Listener(UnixAcceptor.listen(Heddle.currentLoop().engine(), path, options));
        } catch (IOException e) {
            throw new ListenFailedException(path.toString(), e);
        }
    }

    /**
     * Who is at the other end of a connection, as the system saw it when the connection was made.
     *
     * @param user the user's name
     * @param group the group's name
     */
    public record Peer(String user, String group) {}

    /**
     * Asks the system who is at the other end ({@code SO_PEERCRED}, unix(7)). Never waits.
     *
     * @return empty if the stream is no Unix socket, or the engine cannot tell
     */
    public static Optional<Peer> peer(ByteStream stream) {
        return StreamSight.transport(stream)
                .option(ExtendedSocketOptions.SO_PEERCRED)
                .map(peer -> new Peer(peer.user().getName(), peer.group().getName()));
    }
}
