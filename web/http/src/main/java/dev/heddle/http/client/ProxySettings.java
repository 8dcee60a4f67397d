package dev.heddle.http.client;

import dev.heddle.http.internal.codec.ClientUrl.Origin;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The choice of a {@link Proxy} for each request: which go through which, and which go straight.
 *
 * <pre>{@code
 * HttpClient.builder().proxy(ProxySettings.fromEnvironment());
 * HttpClient.builder().proxy(ProxySettings.of(Proxy.http("proxy", 3128)).withExceptions("10.0.0.0/8,.internal"));
 * }</pre>
 *
 * <p>Requests to this machine itself, {@code localhost} and its addresses, always go straight. Immutable, for any
 * thread.
 */
public final class ProxySettings {

    /** No proxies at all. */
    public static final ProxySettings NONE = new ProxySettings(null, null, NoProxy.LOOPBACK);

    private final @Nullable Proxy http;
    private final @Nullable Proxy https;
    private final NoProxy exceptions;

    private ProxySettings(@Nullable Proxy http, @Nullable Proxy https, NoProxy exceptions) {
        this.http = http;
        this.https = https;
        this.exceptions = exceptions;
    }

    /** One proxy for all. */
    public static ProxySettings of(Proxy proxy) {
        return of(proxy, proxy);
    }

    /**
     * One proxy for each scheme.
     *
     * @param http for http URLs
     * @param https for https URLs
     */
    public static ProxySettings of(Proxy http, Proxy https) {
        return new ProxySettings(Objects.requireNonNull(http), Objects.requireNonNull(https), NoProxy.LOOPBACK);
    }

    /** What the environment of this process says, as {@link #fromEnvironment(Map)}. */
    public static ProxySettings fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    /**
     * What an environment says: {@code http_proxy} and {@code https_proxy}, for both else {@code all_proxy}, and {@code
     * no_proxy}. A name in lower case comes before the same in upper case. {@code HTTP_PROXY} does not count in a CGI
     * program, which has {@code REQUEST_METHOD} too: there a client could set it by a field called Proxy.
     *
     * @throws IllegalArgumentException if a proxy is malformed, or none of http, https and socks5
     */
    public static ProxySettings fromEnvironment(Map<String, String> environment) {
        String all = value(environment, "all_proxy", "ALL_PROXY");
        String http = value(environment, "http_proxy", environment.containsKey("REQUEST_METHOD") ? "" : "HTTP_PROXY");
        String https = value(environment, "https_proxy", "HTTPS_PROXY");
        return new ProxySettings(
                proxy("http_proxy", http.isEmpty() ? all : http),
                proxy("https_proxy", https.isEmpty() ? all : https),
                NoProxy.parse(value(environment, "no_proxy", "NO_PROXY")));
    }

    /**
     * The same with exceptions that go straight, instead of those there were.
     *
     * @param list separated by commas: {@code *} for all; {@code example.org} and {@code .example.org} for the name and
     *     all below it; an IP address or a range such as {@code 10.0.0.0/8}, for hosts given as an address; each of
     *     these maybe with a port
     */
    public ProxySettings withExceptions(String list) {
        return new ProxySettings(http, https, NoProxy.parse(list));
    }

    boolean isNone() {
        return http == null && https == null;
    }

    /** The proxy on the way to an origin; null if there is none. */
    @Nullable Proxy proxyFor(Origin origin) {
        Proxy proxy = origin.tls() ? https : http;
        return proxy == null || exceptions.matches(origin) ? null : proxy;
    }

    ClientRoute routeTo(Origin origin, boolean checked) {
        return new ClientRoute(origin, proxyFor(origin), checked);
    }

    private static String value(Map<String, String> environment, String lower, String upper) {
        String value = environment.getOrDefault(lower, "").strip();
        return value.isEmpty() ? environment.getOrDefault(upper, "").strip() : value;
    }

    private static @Nullable Proxy proxy(String name, String text) {
        return text.isEmpty() ? null : Proxy.parse(name, text);
    }

    @Override
    public String toString() {
        return isNone() ? "no proxies" : "proxies[http: " + http + ", https: " + https + "]";
    }
}
