package dev.heddle.http.internal.client.call;

import dev.heddle.BrokenException;
import dev.heddle.http.client.ProxyException;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.syntax.PasswordField;
import dev.heddle.io.ByteStream;
import dev.heddle.tls.ClientTls;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A proxy as calls see it: where it is, how it is spoken to, and with which credentials. Immutable. */
public final class ProxyServer {

    /** How it is spoken to. */
    public enum Kind {
        HTTP("http", 80),
        HTTPS("https", 443),
        SOCKS5("socks5", 1080);

        private final String scheme;
        private final int usualPort;

        Kind(String scheme, int usualPort) {
            this.scheme = scheme;
            this.usualPort = usualPort;
        }

        /** The port where none is named. */
        public int usualPort() {
            return usualPort;
        }
    }

    /** The failures of a proxy that would have gone on if the server, or this address of it, could be reached. */
    public interface Failures {

        ProxyException ofServer(String message);

        /** Whether another address, or a later try, may do better. */
        boolean isOfServer(ProxyException failure);
    }

    private final Kind kind;
    private final String host;
    private final int port;
    private final @Nullable String user;
    private final String password;
    private final ClientTls tls;
    private final Failures failures;

    /** Null for a proxy without TLS. */
    private final @Nullable HttpsConnector connector;

    /**
     * @throws IllegalArgumentException if the host or port is none
     */
    public ProxyServer(Kind kind, String host, int port, @Nullable String user, String password, ClientTls tls,
            Failures failures) {
        // The same rules as for the host of a URL.
        String literal = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        Origin checked = ClientUrl.parse("http://" + literal + ":" + port).origin();
        this.kind = kind;
        this.host = checked.host();
        this.port = checked.port();
        this.user = user;
        this.password = password;
        this.tls = tls;
        this.failures = failures;
        this.connector = kind == Kind.HTTPS ? new HttpsConnector(tls) : null;
    }

    /** Where it is: a name or an address without brackets. */
    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public ClientTls tls() {
        return tls;
    }

    public Failures failures() {
        return failures;
    }

    public Kind kind() {
        return kind;
    }

    public @Nullable String user() {
        return user;
    }

    public String password() {
        return password;
    }

    /** The value of Proxy-Authorization; null without credentials. */
    public @Nullable String authorization() {
        return user == null ? null : PasswordField.of(user, password);
    }

    /** Whether the way to this origin is a tunnel; otherwise requests go to the proxy itself. */
    boolean needsTunnel(Origin origin) {
        return kind == Kind.SOCKS5 || origin.tls();
    }

    /** Whether the way to it is under TLS. */
    public boolean isTls() {
        return connector != null;
    }

    /**
     * Agrees on TLS with the proxy if it is to be.
     *
     * <p>Cancellation: a cancelled call has closed the connection.
     *
     * @param plain a connection to the proxy, which is owned from now on
     * @throws ProxyException if they do not agree, or it is not who it must be
     */
    public ByteStream open(ByteStream plain) {
        if (connector == null) {
            return plain;
        }
        try {
            return connector.connect(plain, host, false);
        } catch (BrokenException e) {
            throw new ProxyException("no TLS with the proxy " + this + ": " + e.getMessage(), e);
        }
    }

    /**
     * Whether it is the same proxy with the same credentials and terms of TLS: then connections through it are shared.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProxyServer that
                && kind == that.kind
                && port == that.port
                && host.equals(that.host)
                && Objects.equals(user, that.user)
                && password.equals(that.password)
                && tls.equals(that.tls);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, host, port, user);
    }

    /** Kind and place, without credentials. */
    @Override
    public String toString() {
        return kind.scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                + port;
    }
}
