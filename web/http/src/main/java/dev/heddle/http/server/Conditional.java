package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.Conditions;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.server.ResponseBody;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of requests (RFC 9110, section 13): pages that are not sent again, and changes that overwrite nothing
 * unseen.
 *
 * <pre>{@code
 * routes.use(Conditional.middleware())
 *       .get("/article", request -> Response.html(page).withETag())                 // 304 while it is the same
 *       .put("/article", request -> {
 *           Conditional.check(request, currentVersion);                             // 412 if somebody was faster
 *           ...
 *       });
 * }</pre>
 *
 * <p>Threads: any. Nothing here waits. To test code that uses it, send {@code If-None-Match} with the {@code ETag} of a
 * response.
 */
public final class Conditional {

    private Conditional() {}

    /**
     * Answers GET and HEAD with 304 if the response has an {@code ETag} or {@code Last-Modified} that the peer has too,
     * or with 412 if the peer wants another. The handler runs all the same: what is saved is the way to the peer.
     */
    public static Middleware middleware() {
        return Conditional::handle;
    }

    /**
     * Checks a request that is to change something, before it is changed.
     *
     * @param tag what stands for the state now, as given to {@link Response#withETag(String)}; empty if there is
     *     nothing yet
     * @throws StatusException 412 if the peer means another state, by If-Match or If-None-Match
     */
    public static void check(Request request, String tag) {
        Headers asked = request.headers();
        boolean exists = !tag.isEmpty();
        String quoted = exists ? quoted(tag) : null;
        boolean wrong = exists
                ? Conditions.fail(asked, quoted, null) || (asked.contains("If-None-Match")
                        && Conditions.isNotModified(asked, quoted, null))
                : asked.contains("If-Match");
        if (wrong) {
            throw new StatusException(412, StatusLines.phrase(412));
        }
    }

    /** The tag as it stands in a field (section 8.8.3). */
    static String quoted(String tag) {
        for (int i = 0; i < tag.length(); i++) {
            char c = tag.charAt(i);
            // A comma is allowed, but readers that cut lists at commas are not few.
            if (c <= ' ' || c >= 0x7f || c == '"' || c == ',') {
                throw new IllegalArgumentException("a tag has a forbidden character at " + i);
            }
        }
        return '"' + tag + '"';
    }

    private static Response handle(Request request, Handler next) throws Exception {
        Response response = next.handle(request);
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        if (!reads || response.status() != 200) {
            return response;
        }
        Headers headers = response.headers();
        @Nullable String tag = headers.first("ETag");
        @Nullable Instant modified = Conditions.date(headers.first("Last-Modified"));
        if (tag == null && modified == null) {
            return response;
        }
        if (Conditions.fail(request.headers(), tag, modified)) {
            response.body().release();
            return ErrorResponse.of(412, StatusLines.phrase(412));
        }
        if (Conditions.isNotModified(request.headers(), tag, modified)) {
            response.body().release();
            Headers kept = headers.without("Content-Type").without("Content-Encoding").without("Content-Language")
                    .without("Content-Disposition");
            return new RealResponse(304, kept, ResponseBody.None.NONE);
        }
        return response;
    }
}
