package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.Origin;
import dev.heddle.http.internal.middleware.Vary;
import dev.heddle.http.internal.server.HandlerFailure;
import dev.heddle.http.internal.server.ResponseBody;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Middleware that lets scripts of other origins use a service (the CORS protocol of the WHATWG Fetch standard).
 *
 * <pre>{@code
 * routes.use(Cors.allow("https://app.example.org").withHeaders("Content-Type").withCredentials(true));
 * }</pre>
 *
 * <p>It answers the preflight requests of browsers itself and adds the fields to all other responses. What a handler, or
 * the upstream of a gateway, says in such fields does not count and is left out. An origin that is not allowed gets no
 * field, so the browser keeps the response from the script: the request itself has been done by then, which a {@link
 * CrossSiteCheck} prevents. Errors that a handler throws as {@link StatusException} have the
 * fields too.
 *
 * <p>Immutable; threads: any. To test code that uses it, send an {@code Origin} header.
 */
public final class Cors implements Middleware {

    private static final String ANY = "*";

    /** How the names of all its fields begin. */
    private static final String FAMILY = "Access-Control-";

    private final List<String> origins;
    private final List<String> methods;
    private final List<String> headers;
    private final List<String> exposed;
    private final boolean credentials;
    private final Duration maxAge;

    private Cors(List<String> origins, List<String> methods, List<String> headers, List<String> exposed,
            boolean credentials, Duration maxAge) {
        origins = List.copyOf(new LinkedHashSet<>(origins));
        methods = checked(methods);
        headers = checked(headers);
        exposed = checked(exposed);
        origins.forEach(Cors::checkOrigin);
        if (credentials && origins.contains(ANY)) {
            throw new IllegalArgumentException(
                    "any origin with credentials would give every site its visitors' data: name the origins");
        }
        Checks.notNegative("maxAge", maxAge);
        this.origins = origins;
        this.methods = methods;
        this.headers = headers;
        this.exposed = exposed;
        this.credentials = credentials;
        this.maxAge = maxAge;
    }

    /** Origins such as {@code https://app.example.org}, exactly as browsers send them; {@code *} for any. */
    public List<String> origins() {
        return origins;
    }

    /** Methods that scripts may use beyond GET, HEAD and POST. */
    public List<String> methods() {
        return methods;
    }

    /** Headers that scripts may send beyond what every form can. */
    public List<String> headers() {
        return headers;
    }

    /** Headers that scripts may read beyond the usual ones. */
    public List<String> exposed() {
        return exposed;
    }

    /** Whether cookies and passwords may come along. */
    public boolean credentials() {
        return credentials;
    }

    /** How long a browser remembers the answer of a preflight. */
    public Duration maxAge() {
        return maxAge;
    }

    /** Lets these origins read what GET, HEAD and POST give, without credentials; preflights last 10 minutes. */
    public static Cors allow(String... origins) {
        return new Cors(List.of(origins), List.of(), List.of(), List.of(), false, Duration.ofMinutes(10));
    }

    /** Lets every origin, as {@link #allow}; never with credentials. */
    public static Cors allowAny() {
        return allow(ANY);
    }

    /** With more methods that may be used. */
    public Cors withMethods(String... methods) {
        return new Cors(origins, List.of(methods), headers, exposed, credentials, maxAge);
    }

    /** With headers that may be sent. */
    public Cors withHeaders(String... headers) {
        return new Cors(origins, methods, List.of(headers), exposed, credentials, maxAge);
    }

    /** With headers that may be read. */
    public Cors withExposed(String... exposed) {
        return new Cors(origins, methods, headers, List.of(exposed), credentials, maxAge);
    }

    /** With cookies and passwords, or without. */
    public Cors withCredentials(boolean credentials) {
        return new Cors(origins, methods, headers, exposed, credentials, maxAge);
    }

    /** With another time that browsers remember a preflight; they have bounds of their own. */
    public Cors withMaxAge(Duration maxAge) {
        return new Cors(origins, methods, headers, exposed, credentials, maxAge);
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        String origin = request.headers().first("Origin");
        String wanted = request.headers().first("Access-Control-Request-Method");
        if (origin != null && wanted != null && request.method().equals("OPTIONS")) {
            return preflight(request, origin, wanted);
        }
        Response response;
        try {
            response = next.handle(request);
        } catch (Exception e) {
            StatusException told = HandlerFailure.statusOf(e);
            if (told == null) {
                throw e;
            }
            response = ErrorResponse.of(told);
        }
        Headers fields = allowed(withoutLeave(response.headers()), origin);
        if (origin != null && isAllowed(origin) && !exposed.isEmpty()) {
            fields = fields.with("Access-Control-Expose-Headers", String.join(", ", exposed));
        }
        return response.withOnlyHeaders(fields);
    }

    private Response preflight(Request request, String origin, String wanted) {
        Headers fields = allowed(Headers.EMPTY, origin)
                .withAdded("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
        if (isAllowed(origin) && mayUse(wanted) && maySend(request.headers().all("Access-Control-Request-Headers"))) {
            fields = fields.with("Access-Control-Allow-Methods", wanted)
                    .with("Access-Control-Max-Age", Long.toString(maxAge.toSeconds()));
            if (!headers.isEmpty()) {
                fields = fields.with("Access-Control-Allow-Headers", String.join(", ", headers));
            }
        }
        return new RealResponse(204, fields, ResponseBody.None.NONE);
    }

    /** What is left when nobody but this middleware gives leave. */
    private static Headers withoutLeave(Headers given) {
        Headers left = given;
        for (String name : given.names()) {
            if (name.regionMatches(true, 0, FAMILY, 0, FAMILY.length())) {
                left = left.without(name);
            }
        }
        return left;
    }

    /** Adds what lets the origin in, or what tells caches that others might be. */
    private Headers allowed(Headers before, @Nullable String origin) {
        if (origins.contains(ANY)) {
            return before.with("Access-Control-Allow-Origin", ANY);
        }
        Headers fields = Vary.on(before, "Origin");
        if (origin == null || !isAllowed(origin)) {
            return fields;
        }
        fields = fields.with("Access-Control-Allow-Origin", origin);
        return credentials ? fields.with("Access-Control-Allow-Credentials", "true") : fields;
    }

    private boolean isAllowed(String origin) {
        return origins.contains(origin) || origins.contains(ANY);
    }

    /** Methods are compared as they are written; the first three need no leave (Fetch, section 2.2.1). */
    private boolean mayUse(String method) {
        return method.equals("GET") || method.equals("HEAD") || method.equals("POST") || methods.contains(method);
    }

    private boolean maySend(List<String> fields) {
        for (String field : fields) {
            for (String name : field.split(",", -1)) {
                String wanted = name.strip();
                if (!wanted.isEmpty() && headers.stream().noneMatch(wanted::equalsIgnoreCase)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<String> checked(List<String> tokens) {
        for (String token : tokens) {
            if (!FieldSyntax.isToken(token) || token.equals(ANY)) {
                throw new IllegalArgumentException(
                        "not the name of a method or header: " + FieldSyntax.printable(token));
            }
        }
        return List.copyOf(tokens);
    }

    private static void checkOrigin(String origin) {
        if (!origin.equals(ANY)) {
            Origin.check(origin);
        }
    }

    @Override
    public String toString() {
        return "Cors[origins=" + origins + ", methods=" + methods + ", headers=" + headers + ", exposed=" + exposed
                + ", credentials=" + credentials + ", maxAge=" + maxAge + "]";
    }
}
