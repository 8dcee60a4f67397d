package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.http.internal.proxy.ProxiedTransport;
import dev.heddle.http.internal.proxy.TrustedProxies;
import dev.heddle.io.ByteStream;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The preamble of a connection, between its acceptance and its first request, where the listener has not done it: first
 * the header of the PROXY protocol, then TLS.
 *
 * @param proxies whose connections begin with that header; null if none do
 * @param tls null if the listener has done it, or the connections are plain
 * @param headerTime how long the header may take
 */
public record ConnectionPreamble(@Nullable TrustedProxies proxies, @Nullable ServerTls tls, Duration headerTime) {

    /** Connections are served as they come. */
    public static final ConnectionPreamble OPEN = new ConnectionPreamble(null, null, Duration.ZERO);

    public boolean isProxied() {
        return proxies != null;
    }

    public ConnectionPreamble withTls(@Nullable ServerTls tls) {
        return new ConnectionPreamble(proxies, tls, headerTime);
    }

    /**
     * Makes a connection ready.
     *
     * <p>Cancellation: a cancelled call has left the connection for the caller to close.
     *
     * @param owner hears why it failed
     * @return null if that failed; it is closed then
     */
    public @Nullable ByteStream enter(ByteStream stream, ConnectionOwner owner) {
        try {
            ByteStream behind = proxies == null ? stream : behindProxy(stream, proxies);
            return tls == null ? behind : Tls.upgradeServer(behind, tls);
        } catch (BrokenException | ClosedException e) {
            owner.notEntered(stream.remoteAddress(), e);
            stream.abort();
            return null;
        }
    }

    private ByteStream behindProxy(ByteStream stream, TrustedProxies trusted) {
        if (!trusted.trusts(stream)) {
            throw new BrokenException("only the named proxies may connect, not " + stream.remoteAddress());
        }
        Optional<ByteStream> entered = Heddle.moveOnAfter(headerTime,
                () -> new ByteStream(ProxiedTransport.open(stream)));
        return entered.orElseThrow(() -> new BrokenException("no PROXY header within " + headerTime));
    }
}
