package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.client.ProxyException;
import dev.heddle.http.internal.client.call.ProxyServer;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The tunnel through a SOCKS5 proxy to a server (RFC 1928), with a name and password if there are some (RFC 1929). The
 * server's name goes to the proxy as it is, so nothing is looked up here.
 */
public final class Socks5 {

    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int USER_PASSWORD = 2;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int NOT_ALLOWED = 2;
    private static final int NO_COMMAND = 7;

    /** What the replies 1 to 8 mean (RFC 1928, section 6). */
    private static final List<String> REASONS = List.of(
            "general failure",
            "not allowed by its rules",
            "network unreachable",
            "host unreachable",
            "connection refused",
            "time to live expired",
            "command not supported",
            "address type not supported");

    private Socks5() {}

    /**
     * Makes the tunnel; the stream then leads to the origin.
     *
     * <p>Cancellation: a cancelled call leaves the stream half used, to be aborted.
     *
     * @throws ProxyException if the proxy does not connect
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static void open(ByteStream stream, ProxyServer proxy, Origin origin) {
        try {
            agree(stream, proxy);
            connect(stream, proxy, origin);
        } catch (BadReplyException | BrokenException | EndOfStreamException e) {
            throw new ProxyException(failure(proxy, origin, String.valueOf(e.getMessage())), e);
        }
    }

    private static String failure(ProxyServer proxy, Origin origin, String reason) {
        return "the proxy " + proxy + " does not connect to " + origin + ": " + reason;
    }

    private static void agree(ByteStream stream, ProxyServer proxy) {
        String user = proxy.user();
        // With credentials only the method that sends them is offered: a proxy that needs none is another one than was
        // meant.
        stream.write(new byte[]{VERSION, 1, (byte) (user == null ? NO_AUTHENTICATION : USER_PASSWORD)});
        byte[] choice = stream.readExactly(2);
        if (choice[0] != VERSION) {
            throw new BadReplyException("it does not speak SOCKS5");
        }
        if ((choice[1] & 0xff) != (user == null ? NO_AUTHENTICATION : USER_PASSWORD)) {
            throw new BadReplyException(user == null ? "it wants credentials" : "it takes no name and password");
        }
        if (user != null) {
            var message = new ByteArrayOutputStream();
            message.write(1);
            text(message, user);
            text(message, proxy.password());
            stream.write(message.toByteArray());
            if (stream.readExactly(2)[1] != 0) {
                throw new BadReplyException("it refuses the credentials");
            }
        }
    }

    private static void connect(ByteStream stream, ProxyServer proxy, Origin origin) {
        var message = new ByteArrayOutputStream();
        message.writeBytes(new byte[]{VERSION, CONNECT, 0});
        address(message, origin.host());
        message.write(origin.port() >> 8);
        message.write(origin.port());
        stream.write(message.toByteArray());
        byte[] reply = stream.readExactly(4);
        if (reply[0] != VERSION) {
            throw new BadReplyException("it does not speak SOCKS5");
        }
        int code = reply[1] & 0xff;
        if (code != 0) {
            String reason = code <= REASONS.size() ? REASONS.get(code - 1) : "failure " + code;
            if (code == NOT_ALLOWED || code == NO_COMMAND) {
                throw new BadReplyException(reason);
            }
            throw proxy.failures().ofServer(failure(proxy, origin, reason));
        }
        // The address it uses is of no interest, but what follows it is the server's.
        int length = switch (reply[3]) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case NAME -> stream.readExactly(1)[0] & 0xff;
            default -> throw new BadReplyException("unknown address type " + (reply[3] & 0xff));
        };
        stream.readExactly(length + 2);
        if (stream.buffered().hasRemaining()) {
            throw new BadReplyException("it sent bytes of its own into the tunnel");
        }
    }

    private static void address(ByteArrayOutputStream message, String host) {
        byte[] bytes = IpAddresses.parse(host);
        if (bytes == null) {
            message.write(NAME);
            text(message, host);
        } else {
            message.write(bytes.length == 4 ? IPV4 : IPV6);
            message.writeBytes(bytes);
        }
    }

    private static void text(ByteArrayOutputStream message, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 255) {
            throw new BadReplyException("a name of " + bytes.length + " bytes does not fit");
        }
        message.write(bytes.length);
        message.writeBytes(bytes);
    }
}
