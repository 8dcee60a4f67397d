package dev.heddle.http.server;

import dev.heddle.http.internal.proxy.TrustedProxies;
import dev.heddle.http.internal.syntax.Authority;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.io.ByteStream;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsSession;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The virtual hosts of a server: chooses routes by the host that is asked, and sees to it that TLS and HTTP are asked
 * for the same.
 */
final class VirtualHosts implements Handler {

    private static final String ANY_LABEL = "*.";

    private final Router others;
    private final Map<String, Router> hosts = new HashMap<>();
    private final ErrorPages pages;
    private final TrustedProxies proxies;

    VirtualHosts(Routes others, Map<String, Routes> hosts, ErrorPages pages, TrustedProxies proxies) {
        this.others = others.router(pages);
        this.pages = pages;
        this.proxies = proxies;
        var routers = new IdentityHashMap<Routes, Router>();
        hosts.forEach((name, routes) -> this.hosts.put(name, routers.computeIfAbsent(routes, r -> r.router(pages))));
    }

    /**
     * A name as it is looked up.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static String checked(String name) {
        String bare = name.startsWith(ANY_LABEL) ? name.substring(ANY_LABEL.length()) : name;
        if (!Authority.isValid(bare) || (bare.indexOf(':') >= 0 && !bare.endsWith("]"))) {
            throw new IllegalArgumentException("not a host name without a port: " + FieldSyntax.printable(name));
        }
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public Response handle(Request request) throws Exception {
        Router router = of(request.host().orElse(null));
        if (isMisdirected(request, router)) {
            return pages.of(request, 421, "Misdirected Request");
        }
        return router.handle(request);
    }

    private boolean isMisdirected(Request request, Router router) {
        ByteStream connection = request.source().connection();
        String named = Tls.session(connection).map(TlsSession::serverName).orElse("");
        return !named.isEmpty() && of(named) != router && !proxies.trusts(connection);
    }

    private Router of(@Nullable String host) {
        if (host == null) {
            return others;
        }
        String name = withoutPort(host).toLowerCase(Locale.ROOT);
        Router exact = hosts.get(name);
        if (exact != null) {
            return exact;
        }
        int dot = name.indexOf('.');
        return dot < 0 ? others : hosts.getOrDefault(ANY_LABEL + name.substring(dot + 1), others);
    }

    static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        String name = colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
