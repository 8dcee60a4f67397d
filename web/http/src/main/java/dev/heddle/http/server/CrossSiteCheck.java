package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.Origin;
import dev.heddle.http.internal.syntax.HttpMethod;
import java.util.Set;

/**
 * Middleware that refuses what other sites' pages have a browser do with a visitor's cookies (cross-site request
 * forgery).
 *
 * <pre>{@code
 * routes.use(CrossSiteCheck.create().trusting("https://login.example.org"));
 * }</pre>
 *
 * <p>Browsers say where a request comes from, in {@code Sec-Fetch-Site} or, older ones, in {@code Origin}. A request
 * that may change something, with any method but GET, HEAD, OPTIONS and TRACE, must come from this origin itself, from
 * a trusted one or from the user's own hand; else it gets 403. One with neither field comes from no browser and is let
 * through: it carries nobody's cookies unasked. So no tokens have to be put into forms. What changes something must not
 * answer to GET.
 *
 * <p>An {@code Origin} is compared with the host that is asked; behind a proxy that changes the host, name the origin
 * as trusted.
 *
 * <p>Immutable; threads: any. To test code that uses it, send a POST with {@code Sec-Fetch-Site: cross-site}.
 */
public final class CrossSiteCheck implements Middleware {

    private final Set<String> trusted;

    private CrossSiteCheck(Set<String> trusted) {
        trusted = Set.copyOf(trusted);
        trusted.forEach(Origin::check);
        this.trusted = trusted;
    }

    /** Origins that may ask like this one, such as {@code https://login.example.org}. */
    public Set<String> trusted() {
        return trusted;
    }

    /** A check that trusts nobody else. */
    public static CrossSiteCheck create() {
        return new CrossSiteCheck(Set.of());
    }

    /** With these trusted origins. */
    public CrossSiteCheck trusting(String... origins) {
        return new CrossSiteCheck(Set.of(origins));
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        if (!HttpMethod.isSafe(request.method()) && !isOwn(request)) {
            throw new StatusException(403, "a page of another site sent this request");
        }
        return next.handle(request);
    }

    private boolean isOwn(Request request) {
        Headers headers = request.headers();
        String origin = headers.first("Origin");
        if (origin != null && trusted.contains(origin)) {
            return true;
        }
        String site = headers.first("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin") || site.equals("none");
        }
        return origin == null || request.host().filter(Origin.authority(origin)::equalsIgnoreCase).isPresent();
    }

    @Override
    public String toString() {
        return "CrossSiteCheck[trusted=" + trusted + "]";
    }
}
