package dev.heddle.http.gateway;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.server.Request;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/** The part of a head that is passed on, in either direction (RFC 9110, section 7.6), and what a gateway adds. */
final class PassedHead {

    /** What gateways say of clients: from a client it would be a lie, from a trusted proxy the request knows it. */
    private static final Set<String> OF_GATEWAYS = Set.of("forwarded", "x-real-ip", "host");

    private static final String FORWARDED_FAMILY = "x-forwarded-";

    private static final String MAX_FORWARDS = "Max-Forwards";

    /** The name in Via; a product and no host, which is nobody's business (RFC 9110, section 7.6.3). */
    private static final String NAME = "heddle";

    private static final String USUAL_VIA = "1.1 " + NAME;

    /** Requests that have passed so many gateways of this kind go in a circle. */
    static final int MAX_GATEWAYS = 10;

    private PassedHead() {}

    /** The path and query to ask an upstream for, in the characters of RFC 3986: browsers send more. */
    static String target(Request request) {
        String target = request.target();
        if (!target.startsWith("/")) {
            int host = target.indexOf("://");
            int path = host < 0 ? -1 : target.indexOf('/', host + 3);
            if (path < 0) {
                throw new StatusException(400, "this target is not passed on; ask for a path");
            }
            target = target.substring(path);
        }
        int query = target.indexOf('?');
        checkPath(query < 0 ? target : target.substring(0, query));
        return ClientUrl.escaped(target).replace("\\", "%5C");
    }

    /**
     * Refuses a path whose meaning servers do not agree on: middleware in front may have let it pass as something else
     * than what the upstream makes of it.
     */
    private static void checkPath(String path) {
        if (path.indexOf('.') < 0 && path.indexOf('%') < 0) {
            return;
        }
        String plain = path.toLowerCase(Locale.ROOT).replace("%2e", ".").replace("%2f", "/").replace("%5c", "/")
                .replace('\\', '/');
        for (String segment : plain.split("/", -1)) {
            int parameters = segment.indexOf(';');
            String name = parameters < 0 ? segment : segment.substring(0, parameters);
            if (name.equals(".") || name.equals("..")) {
                throw new StatusException(400, "a path with dot segments is not passed on");
            }
        }
    }

    /** How many gateways an OPTIONS may still pass (RFC 9110, section 7.6.2); negative if it does not say. */
    static long forwards(Request request) {
        String most = request.method().equals("OPTIONS") ? request.headers().first(MAX_FORWARDS) : null;
        return most != null && most.matches("[0-9]{1,18}") ? Long.parseLong(most) : -1;
    }

    /** The fields for an upstream. */
    static Headers ofRequest(Request request, boolean withHost) {
        Headers received = request.headers();
        checkCircle(received);
        var passed = Headers.builder();
        received.endToEnd().forEach((name, value) -> {
            if (!isOfGateways(name)) {
                passed.add(name, value);
            }
        });
        String client = request.clientAddress();
        String host = request.host().orElse("");
        var forwarded = new StringBuilder("for=").append(node(client)).append(";proto=").append(request.scheme());
        if (isAddress(client)) {
            passed.add("X-Forwarded-For", client);
        }
        passed.add("X-Forwarded-Proto", request.scheme());
        if (!host.isEmpty()) {
            passed.add("X-Forwarded-Host", host);
            forwarded.append(";host=\"").append(host).append('"');
            if (withHost) {
                passed.add("Host", host);
            }
        }
        passed.add("Forwarded", forwarded.toString());
        passed.add("Via", via(request.version()));
        long forwards = forwards(request);
        Headers fields = passed.build();
        return forwards < 0 ? fields : fields.with(MAX_FORWARDS, Long.toString(forwards - 1));
    }

    /**
     * Whether a client says that it takes fields behind a body: {@code TE} is of one connection, so it is said anew.
     */
    static boolean wantsTrailers(Headers received) {
        for (String value : received.all("TE")) {
            for (String coding : value.split(",", -1)) {
                if (coding.strip().equalsIgnoreCase("trailers")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The fields behind a request's body, for an upstream, which may take them for some of the head. */
    static Headers ofTrailers(Headers received) {
        var passed = Headers.builder();
        received.endToEnd().forEach((name, value) -> {
            if (!isOfGateways(name)) {
                passed.add(name, value);
            }
        });
        return passed.build();
    }

    private static boolean isOfGateways(String name) {
        // Some servers take an underscore for a hyphen.
        String lower = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return OF_GATEWAYS.contains(lower) || lower.startsWith(FORWARDED_FAMILY);
    }

    /** The client as RFC 7239, section 6, names it. */
    private static String node(String client) {
        if (!isAddress(client)) {
            return "unknown";
        }
        return client.indexOf(':') < 0 ? client : "\"[" + client + "]\"";
    }

    private static boolean isAddress(String client) {
        for (int i = 0; i < client.length(); i++) {
            char c = client.charAt(i);
            if (!HexFormat.isHexDigit(c) && c != ':' && c != '.') {
                return false;
            }
        }
        return !client.isEmpty();
    }

    private static void checkCircle(Headers received) {
        int passed = 0;
        for (String value : received.all("Via")) {
            for (String entry : value.split(",", -1)) {
                if (entry.strip().endsWith(" " + NAME)) {
                    passed++;
                }
            }
        }
        if (passed >= MAX_GATEWAYS) {
            throw new StatusException(508, "this request goes in a circle");
        }
    }

    /** The fields for the client. */
    static Headers ofReply(Headers received, String version) {
        return received.endToEnd().withAdded("Via", via(version));
    }

    private static String via(String version) {
        return version.equals("HTTP/1.1") ? USUAL_VIA : version.substring(version.indexOf('/') + 1) + " " + NAME;
    }
}
