package dev.heddle.http.internal.client.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.ProxyException;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.ProxyServer;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.codec.ReplyParser;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;

/**
 * The tunnel through an HTTP proxy (RFC 9110, section 9.3.6). The answer is held to the rules of every response, and no
 * byte may come behind it: the server speaks only when it was spoken to, so it would be the proxy's, in the server's
 * name.
 */
public final class HttpTunnel {

    private HttpTunnel() {}

    /**
     * Makes the tunnel; the stream then leads to the origin.
     *
     * <p>Cancellation: a cancelled call leaves the stream half used, to be aborted.
     *
     * @throws ProxyException if the proxy does not make one
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static void open(ByteStream stream, ProxyServer proxy, Origin origin, ClientLimits limits) {
        String target = origin.hostAndPort();
        String credentials = proxy.authorization();
        // What stands here was checked: the host as that of a URL, the credentials are Base64.
        String head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
                + (credentials == null ? "" : "Proxy-Authorization: " + credentials + "\r\n") + "\r\n";
        var parser = new ReplyParser(CallOptions.headLimits(limits));
        try {
            stream.write(head.getBytes(ISO_8859_1));
            awaitHead(stream, parser, limits);
        } catch (BadReplyException | BrokenException e) {
            throw new ProxyException("the proxy " + proxy + " makes no tunnel to " + target + ": " + e.getMessage(), e);
        }
        int status = parser.status();
        if (status < 200 || status > 299) {
            String reason = "the proxy " + proxy + " makes no tunnel to " + target + ": it answered " + status
                    + (status == 407
                            ? credentials == null ? "; it wants credentials" : "; it refuses the credentials"
                            : "");
            throw status >= 500 ? proxy.failures().ofServer(reason) : new ProxyException(reason);
        }
        if (stream.buffered().hasRemaining()) {
            throw new ProxyException("the proxy " + proxy + " sent bytes of its own into the tunnel to " + target);
        }
    }

    private static void awaitHead(ByteStream stream, ReplyParser parser, ClientLimits limits) {
        for (int interims = 0; interims <= limits.maxInterimResponses(); interims++) {
            // Whatever the fields say, the answer to CONNECT has no body, as that to HEAD has none.
            parser.start(true);
            do {
                ByteBuffer bytes = stream.fill();
                if (!bytes.hasRemaining()) {
                    throw new BrokenException("it closed the connection");
                }
                parser.parseHead(bytes);
            } while (!parser.isHeadDone());
            if (parser.status() >= 200 || parser.status() == 101) {
                return;
            }
        }
        throw new BadReplyException("more than " + limits.maxInterimResponses() + " interim responses");
    }
}
