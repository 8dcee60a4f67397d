package dev.heddle.http.client;

import dev.heddle.http.internal.client.call.ProxyServer;
import dev.heddle.http.internal.client.call.ProxyServer.Kind;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.syntax.PasswordField;
import dev.heddle.tls.ClientTls;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between a client and its servers. An HTTP proxy gets plain requests as they are and makes tunnels for https
 * (RFC 9110, section 9.3.6); a SOCKS5 proxy makes a tunnel for each connection (RFC 1928). Names of servers are looked
 * up by the proxy.
 *
 * <pre>{@code
 * var http = HttpClient.builder().proxy(Proxy.http("proxy.example", 3128).withCredentials("me", password)).build();
 * }</pre>
 *
 * <p>Credentials go to the proxy only: no server ever sees them. Whoever sees the way to the proxy does, unless that is
 * under TLS. Immutable, for any thread.
 */
public final class Proxy {

    /** The one kind of its failures that another address, or a later try, may mend. */
    private static final ProxyServer.Failures FAILURES = new ProxyServer.Failures() {
        @Override
        public ProxyException ofServer(String message) {
            return ProxyException.ofServer(message, null);
        }

        @Override
        public boolean isOfServer(ProxyException failure) {
            return failure.isOfServer();
        }
    };

    private final ProxyServer server;

    private Proxy(Kind kind, String host, int port, @Nullable String user, String password, ClientTls tls) {
        this.server = new ProxyServer(kind, host, port, user, password, tls, FAILURES);
    }

    /**
     * A proxy that speaks HTTP.
     *
     * @param host a name or an IP address
     * @param port 1 to 65,535
     */
    public static Proxy http(String host, int port) {
        return new Proxy(Kind.HTTP, host, port, null, "", ClientTls.DEFAULT);
    }

    /**
     * A proxy that speaks HTTP under TLS, with a certificate that this JVM trusts; otherwise as {@link #http}. What
     * goes to https servers is then under TLS twice.
     */
    public static Proxy https(String host, int port) {
        return new Proxy(Kind.HTTPS, host, port, null, "", ClientTls.DEFAULT);
    }

    /** A proxy that speaks SOCKS5; otherwise as {@link #http}. */
    public static Proxy socks5(String host, int port) {
        return new Proxy(Kind.SOCKS5, host, port, null, "", ClientTls.DEFAULT);
    }

    /**
     * This proxy with a name and password: Basic (RFC 7617) for HTTP, RFC 1929 for SOCKS5.
     *
     * @throws IllegalArgumentException if they cannot be sent that way: a colon in the name, or more than 255 bytes for
     *     SOCKS5
     */
    public Proxy withCredentials(String user, String password) {
        Objects.requireNonNull(password);
        if (server.kind() != Kind.SOCKS5) {
            PasswordField.of(user, password);
        } else if (bytes(user) < 1 || bytes(user) > 255 || bytes(password) < 1 || bytes(password) > 255) {
            throw new IllegalArgumentException("name and password of a SOCKS5 proxy have 1 to 255 bytes each");
        }
        return new Proxy(server.kind(), server.host(), server.port(), user, password, server.tls());
    }

    /**
     * This proxy of {@link #https} with its own terms of TLS, such as a certificate authority of the house. Those of
     * the client are for servers and do not count here.
     *
     * @throws IllegalArgumentException if the proxy is another
     */
    public Proxy withTls(ClientTls tls) {
        if (server.kind() != Kind.HTTPS) {
            throw new IllegalArgumentException("no TLS to the proxy " + this + "; make it with Proxy.https");
        }
        return new Proxy(server.kind(), server.host(), server.port(), server.user(), server.password(),
                Objects.requireNonNull(tls));
    }

    /**
     * Reads what the environment says: {@code http://user:password@host:port}, {@code https://}, {@code socks5://},
     * {@code socks5h://}, or a bare {@code host:port} for an HTTP proxy.
     *
     * @param where names the source in the error, which never repeats the text: there may be a password in it
     */
    static Proxy parse(String where, String text) {
        try {
            var uri = new URI(text.contains("://") ? text : "http://" + text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            Kind kind = switch (scheme) {
                case "http" -> Kind.HTTP;
                case "https" -> Kind.HTTPS;
                case "socks5", "socks5h" -> Kind.SOCKS5;
                default -> throw new IllegalArgumentException("a proxy is http, https or socks5");
            };
            String host = ClientUrl.host(uri);
            if (host == null) {
                throw new IllegalArgumentException("no valid host");
            }
            int port = ClientUrl.port(uri) >= 0 ? ClientUrl.port(uri) : kind.usualPort();
            var proxy = new Proxy(kind, host, port, null, "", ClientTls.DEFAULT);
            String info = uri.getUserInfo();
            if (info == null) {
                return proxy;
            }
            int colon = info.indexOf(':');
            return proxy.withCredentials(
                    colon < 0 ? info : info.substring(0, colon), colon < 0 ? "" : info.substring(colon + 1));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("bad proxy in " + where + ": " + e.getReason());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("bad proxy in " + where + ": " + e.getMessage(), e);
        }
    }

    /** Where it is: a name or an address without brackets. */
    public String host() {
        return server.host();
    }

    /** Its port. */
    public int port() {
        return server.port();
    }

    /** The proxy as calls see it. */
    ProxyServer server() {
        return server;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Whether it is the same proxy with the same credentials and terms of TLS: then connections through it are shared.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Proxy that && server.equals(that.server);
    }

    @Override
    public int hashCode() {
        return server.hashCode();
    }

    /** Kind and place, without credentials. */
    @Override
    public String toString() {
        return server.toString();
    }
}
