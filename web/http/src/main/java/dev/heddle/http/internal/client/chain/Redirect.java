package dev.heddle.http.internal.client.chain;

import dev.heddle.http.Headers;
import dev.heddle.http.client.Auth;
import dev.heddle.http.client.RedirectException;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.call.SecureHosts;
import dev.heddle.http.internal.codec.ClientUrl;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The target of a redirect, and what goes along (RFC 9110, section 15.4).
 *
 * <pre>
 *   301, 302   POST becomes GET, other methods stay
 *   303        all but HEAD become GET
 *   307, 308   method and body stay
 * </pre>
 *
 * <p>Credentials belong to the origin they were given for. When scheme, host or port change, they are dropped and never
 * come back, even if a later redirect returns.
 */
public final class Redirect {

    private static final Set<String> FOR_ONE_ORIGIN = Set.of("authorization", "cookie", "cookie2",
            "proxy-authorization", "www-authenticate", "host");

    private static final Set<String> ABOUT_THE_BODY = Set.of(
            "content-type",
            "content-encoding",
            "content-language",
            "content-location",
            "content-md5",
            "content-range",
            "content-disposition",
            "digest",
            "content-digest",
            "repr-digest",
            "last-modified");

    private Redirect() {}

    static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /**
     * The next request.
     *
     * @param hsts the hosts that are asked by https only; null if none are kept
     * @throws RedirectException if there is no place to go or the body cannot go along
     */
    public static RequestHop next(RequestHop hop, int status, Headers reply, @Nullable SecureHosts hsts) {
        ClientUrl named = location(hop, status, reply);
        ClientUrl url = hsts == null ? named : hsts.secured(named);
        boolean toGet = switch (status) {
            case 303 -> !hop.isHead();
            case 301, 302 -> hop.method().equals("POST");
            default -> false;
        };
        boolean sameOrigin = url.origin().equals(hop.url().origin());
        Headers headers = sameOrigin ? hop.headers() : without(hop.headers(), FOR_ONE_ORIGIN);
        Auth auth = sameOrigin ? hop.auth() : null;
        List<URI> trail = Stream.concat(hop.trail().stream(), Stream.of(hop.url().toUri())).toList();
        if (toGet) {
            return new RequestHop("GET", url, without(headers, ABOUT_THE_BODY), ClientBody.NONE, auth, trail,
                    hop.isBare());
        }
        if (!hop.body().isRepeatable()) {
            throw ClientErrors.about(hop,
                    new RedirectException(status + " asks for the body again, which can be sent only once;"
                            + " send it as bytes, text or a file"));
        }
        return new RequestHop(hop.method(), url, headers, hop.body(), auth, trail, hop.isBare());
    }

    private static ClientUrl location(RequestHop hop, int status, Headers reply) {
        List<String> locations = reply.all("Location");
        if (locations.size() != 1 || !ClientUrl.isReference(locations.getFirst())) {
            throw ClientErrors.about(hop, new RedirectException(status + " with "
                    + (locations.size() > 1 ? "more than one Location" : "no Location")));
        }
        try {
            return hop.url().resolve(ClientUrl.escaped(encoded(locations.getFirst())));
        } catch (IllegalArgumentException e) {
            throw ClientErrors.about(hop, new RedirectException(status + " with a bad Location: " + e.getMessage(), e));
        }
    }

    /** A header is read as Latin-1, so each character beyond ASCII stands for one byte of whatever the server meant. */
    private static String encoded(String location) {
        var encoded = new StringBuilder(location.length());
        for (int i = 0; i < location.length(); i++) {
            char c = location.charAt(i);
            if (c < 0x80) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            }
        }
        return encoded.toString();
    }

    private static Headers without(Headers headers, Set<String> names) {
        Headers kept = headers;
        for (String name : headers.names()) {
            if (names.contains(name.toLowerCase(Locale.ROOT))) {
                kept = kept.without(name);
            }
        }
        return kept;
    }
}
