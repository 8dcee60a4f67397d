package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.TaskFailedException;
import dev.heddle.internal.Throwables;
import dev.heddle.io.ByteStream;
import dev.heddle.net.internal.HostNames;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The translation of our failures into those of {@link java.net.Socket}, which libraries know. */
final class SocketFailures {

    private SocketFailures() {}

    /**
     * The failure to throw to a library. A cancel closes the stream: the library's exchange is cut off, and it must not
     * go on with the connection as if it were whole.
     *
     * @return the failure; one that is no failure of a socket is thrown as it is
     */
    static IOException asIo(Exception e, @Nullable ByteStream stream) {
        return switch (e) {
            case IOException bare -> bare;
            case TaskFailedException failed when failed.getCause() instanceof IOException bare -> bare;
            case CancelledException cancel -> {
                if (stream != null) {
                    stream.abort();
                }
                yield because("Closed by cancel: " + cancel.getMessage(), cancel);
            }
            case ClosedException closed -> because("Socket closed", closed);
            case BrokenException broken -> because(Throwables.describe(broken), broken);
            case BusyException busy -> because(Throwables.describe(busy), busy);
            case RuntimeException bare -> throw bare;
            default -> new IOException(e);
        };
    }

    private static SocketException because(String message, Throwable cause) {
        var failure = new SocketException(message);
        failure.initCause(cause);
        return failure;
    }

    /** Refuses what is no host as {@link java.net.Socket} does. */
    static void checkHost(String host) throws UnknownHostException {
        try {
            HostNames.read(host);
        } catch (IllegalArgumentException e) {
            var failure = new UnknownHostException(e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    /** Connects, with the failures that a socket's connect documents. */
    static ByteStream connecting(Callable<ByteStream> connect) throws Exception {
        try {
            return connect.call();
        } catch (ConnectFailedException e) {
            IOException failure = e.phase() == ConnectFailedException.Phase.RESOLVE
                    ? new UnknownHostException(e.getMessage())
                    : new ConnectException(e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    /** An address from the text that a transport gives for it; the wildcard one where the text is none. */
    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(text.indexOf('/') + 1, Math.max(colon, 0)).replace("[", "").replace("]", "");
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return new InetSocketAddress(SocketSettings.anyAddress(), 0);
        }
    }
}
