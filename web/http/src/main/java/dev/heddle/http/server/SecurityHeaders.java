package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Objects;

/**
 * Middleware that tells browsers to be strict with the pages of a site: fields that a response has already stay as they
 * are.
 *
 * <pre>{@code
 * routes.use(SecurityHeaders.create().with("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"))
 * }</pre>
 *
 * <p>Without more being said these are sent, after the advice of the OWASP Secure Headers Project:
 *
 * <ul>
 *   <li>{@code Strict-Transport-Security: max-age=31536000} (RFC 6797), with responses over https only: for a year the
 *       browser comes by https, whatever a link says. It cannot be taken back at once: see {@link #withHsts}.
 *   <li>{@code X-Content-Type-Options: nosniff}: a text is no script.
 *   <li>{@code X-Frame-Options: DENY}: no other page may put this one into a frame.
 *   <li>{@code Referrer-Policy: strict-origin-when-cross-origin}: other sites do not learn the path.
 *   <li>{@code Cross-Origin-Opener-Policy: same-origin}: pages of other sites have no hold on this one's window.
 * </ul>
 *
 * <p>A {@code Content-Security-Policy} is not among them, since only the site knows what its pages load; it is the one
 * that helps most.
 *
 * <p>Immutable; threads: any. Whether a request came by https is {@link Request#isSecure}: behind a proxy that ends TLS,
 * name it in {@link HttpServer.Builder#trustProxies}.
 */
public final class SecurityHeaders implements Middleware {

    private static final String HSTS = "Strict-Transport-Security";
    private static final Duration YEAR = Duration.ofDays(365);

    private static final SecurityHeaders USUAL = new SecurityHeaders(
            Headers.of(
                    "X-Content-Type-Options", "nosniff",
                    "X-Frame-Options", "DENY",
                    "Referrer-Policy", "strict-origin-when-cross-origin",
                    "Cross-Origin-Opener-Policy", "same-origin"),
            Headers.EMPTY).withHsts(YEAR);

    private final Headers fields;

    /** Only for responses over https. */
    private final Headers secure;

    private SecurityHeaders(Headers fields, Headers secure) {
        this.fields = fields;
        this.secure = secure;
    }

    /** The fields above. */
    public static SecurityHeaders create() {
        return USUAL;
    }

    /**
     * The same with one field more, or with another value.
     *
     * @throws IllegalArgumentException if the name or value is malformed, or the field is for the server to write
     */
    public SecurityHeaders with(String name, String value) {
        FieldSyntax.checkHandlers(name, value);
        return new SecurityHeaders(fields.with(name, value), secure.without(name));
    }

    /** The same without a field, also without {@code Strict-Transport-Security}: browsers keep what they have heard. */
    public SecurityHeaders without(String name) {
        Objects.requireNonNull(name, "name");
        return new SecurityHeaders(fields.without(name), secure.without(name));
    }

    /**
     * The same with another time for which browsers come by https only; zero has them forget it.
     *
     * @param maxAge 0 to 730 days, in whole seconds; begin with a few minutes, since nobody can call it back
     */
    public SecurityHeaders withHsts(Duration maxAge) {
        return hsts(maxAge, "");
    }

    /**
     * The same for the hosts below this one too, all of which must serve https.
     *
     * @param maxAge as for {@link #withHsts}
     */
    public SecurityHeaders withHstsOfSubdomains(Duration maxAge) {
        return hsts(maxAge, "; includeSubDomains");
    }

    private SecurityHeaders hsts(Duration maxAge, String more) {
        Checks.notNegative("maxAge", maxAge);
        Checks.atMost("maxAge", maxAge, YEAR.multipliedBy(2));
        return new SecurityHeaders(
                fields.without(HSTS), secure.with(HSTS, "max-age=" + maxAge.toSeconds() + more));
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        Response response = next.handle(request);
        response = missing(response, fields);
        return request.isSecure() ? missing(response, secure) : response;
    }

    private static Response missing(Response response, Headers fields) {
        Response complete = response;
        for (int i = 0; i < fields.size(); i++) {
            if (!response.headers().contains(fields.name(i))) {
                complete = complete.withHeader(fields.name(i), fields.value(i));
            }
        }
        return complete;
    }

    @Override
    public String toString() {
        return "SecurityHeaders[" + fields + ", over https " + secure + "]";
    }
}
