package dev.heddle.http.client;

import dev.heddle.http.internal.client.call.NoProxy;
import dev.heddle.http.internal.client.call.ProxyRules;
import dev.heddle.http.internal.client.call.ProxyServer;
import java.util.Map;
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
    public static final ProxySettings NONE = new ProxySettings(ProxyRules.NONE);

    private final ProxyRules rules;

    private ProxySettings(ProxyRules rules) {
        this.rules = rules;
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
        return new ProxySettings(new ProxyRules(http.server(), https.server(), NoProxy.LOOPBACK));
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
        return new ProxySettings(new ProxyRules(
                proxy("http_proxy", http.isEmpty() ? all : http),
                proxy("https_proxy", https.isEmpty() ? all : https),
                NoProxy.parse(value(environment, "no_proxy", "NO_PROXY"))));
    }

    /**
     * The same with exceptions that go straight, instead of those there were.
     *
     * @param list separated by commas: {@code *} for all; {@code example.org} and {@code .example.org} for the name and
     *     all below it; an IP address or a range such as {@code 10.0.0.0/8}, for hosts given as an address; each of
     *     these maybe with a port
     */
    public ProxySettings withExceptions(String list) {
        return new ProxySettings(new ProxyRules(rules.http(), rules.https(), NoProxy.parse(list)));
    }

    /** The choice as calls make it. */
    ProxyRules rules() {
        return rules;
    }

    private static String value(Map<String, String> environment, String lower, String upper) {
        String value = environment.getOrDefault(lower, "").strip();
        return value.isEmpty() ? environment.getOrDefault(upper, "").strip() : value;
    }

    private static @Nullable ProxyServer proxy(String name, String text) {
        return text.isEmpty() ? null : Proxy.parse(name, text).server();
    }

    @Override
    public String toString() {
        return rules.isNone() ? "no proxies" : "proxies[http: " + rules.http() + ", https: " + rules.https() + "]";
    }
}
