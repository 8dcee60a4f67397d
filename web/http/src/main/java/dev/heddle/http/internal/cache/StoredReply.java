package dev.heddle.http.internal.cache;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.syntax.HttpDate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A reply as it is kept: what has come, less what was for its connection only (RFC 9111, section 3.1). Immutable.
 */
public final class StoredReply {

    /** What an entry takes beside its text and body. */
    private static final long FIXED_BYTES = 512;

    /** What a field takes beside its text. */
    private static final long FIELD_BYTES = 64;

    private final CacheScope scope;
    private final String url;
    private final boolean whole;
    private final ReplyHead head;
    private final Headers trailers;
    private final StoredBytes body;
    private final Variant variant;
    private final CacheDirectives directives;
    private final Freshness freshness;
    private final Instant requested;
    private final long bytes;

    private StoredReply(CacheScope scope, String url, boolean whole, ReplyHead head, Headers trailers, StoredBytes body,
            Variant variant,
            CacheDirectives directives, Freshness freshness, Instant requested) {
        this.scope = scope;
        this.url = url;
        this.whole = whole;
        this.head = head;
        this.trailers = trailers;
        this.body = body;
        this.variant = variant;
        this.directives = directives;
        this.freshness = freshness;
        this.requested = requested;
        this.bytes = FIXED_BYTES + url.length() + variant.length() + length(head.headers()) + length(trailers)
                + body.length();
    }

    private static long length(Headers headers) {
        long length = FIELD_BYTES * headers.size();
        for (int i = 0; i < headers.size(); i++) {
            length += headers.name(i).length() + headers.value(i).length();
        }
        return length;
    }

    /** As {@link #of(CacheScope, String, boolean, ReplyHead, RequestFields, Instant, Instant)}, for one user. */
    public static StoredReply of(String url, boolean whole, ReplyHead received, RequestFields request,
            Instant requestedAt, Instant receivedAt) {
        return of(CacheScope.PRIVATE, url, whole, received, request, requestedAt, receivedAt);
    }

    /**
     * The reply whose head this is, still without a body.
     *
     * @param scope for whom it is kept
     * @param url what was asked for
     * @param whole whether it answers a GET, not a HEAD
     * @param received the head as it came
     * @param request the fields that it was asked with
     * @param requestedAt when it was asked for
     * @param receivedAt when it came
     */
    public static StoredReply of(CacheScope scope, String url, boolean whole, ReplyHead received,
            RequestFields request, Instant requestedAt, Instant receivedAt) {
        Headers came = received.headers();
        CacheDirectives directives = CacheDirectives.of(came);
        Freshness freshness = Freshness.of(received.status(), came, directives, requestedAt, receivedAt,
                scope);
        Headers kept = came.endToEnd().without("Age");
        String length = came.first("Content-Length");
        if (length != null) {
            kept = kept.with("Content-Length", length);
        }
        if (!kept.contains("Date")) {
            kept = kept.with("Date", HttpDate.format(receivedAt));
        }
        var head = new ReplyHead(received.status(), received.reason(), kept, received.protocol());
        return new StoredReply(scope, url, whole, head, Headers.EMPTY, StoredBytes.NONE,
                Variant.of(came, request, scope), directives, freshness, requestedAt);
    }

    /** One that was kept elsewhere, whole. */
    static StoredReply restored(String url, ReplyHead head, Headers trailers, StoredBytes body, Variant variant,
            Freshness freshness, Instant requested) {
        return new StoredReply(CacheScope.PRIVATE, url, true, head, trailers, body, variant,
                CacheDirectives.of(head.headers()), freshness, requested);
    }

    /** The same with a body. */
    public StoredReply withBody(StoredBytes bytes, Headers fieldsBehind) {
        return new StoredReply(scope, url, whole, head, fieldsBehind, bytes, variant, directives, freshness, requested);
    }

    /**
     * The same with what a 304, or the answer to a HEAD, says anew (section 3.2). What the body hangs on stays.
     *
     * @param request the fields that were asked with
     */
    public StoredReply updated(Headers news, RequestFields request, Instant requestedAt, Instant receivedAt) {
        Headers fields = news.endToEnd().without("Content-Encoding").without("Content-Range");
        if (!fields.contains("Date")) {
            fields = fields.with("Date", HttpDate.format(receivedAt));
        }
        var merged = new ReplyHead(head.status(), head.reason(), head.headers().with(fields), head.protocol());
        return of(scope, url, whole, merged, request, requestedAt, receivedAt).withBody(body, trailers);
    }

    /** Whether a 304 with these fields is about this reply: it has no other validator (section 4.3.4). */
    public boolean isMeantBy(Headers notModified) {
        String tag = notModified.first("ETag");
        if (tag != null) {
            String own = head.headers().first("ETag");
            return own != null && opaque(tag).equals(opaque(own));
        }
        return isSame("Last-Modified", notModified);
    }

    /** Whether the answer to a HEAD with these fields speaks of the same content (section 4.3.5). */
    public boolean isSameContent(Headers answer) {
        return isSame("ETag", answer) && isSame("Last-Modified", answer) && isSame("Content-Length", answer);
    }

    private boolean isSame(String name, Headers other) {
        String value = other.first(name);
        return value == null || value.equals(head.headers().first(name));
    }

    /** An entity tag as the weak comparison sees it (RFC 9110, section 8.8.3.2), which conditions go by. */
    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /** The fields that ask whether it is still right; empty if it has no validator (section 4.3.1). */
    public Headers conditions() {
        Headers fields = Headers.EMPTY;
        String tag = head.headers().first("ETag");
        String modified = head.headers().first("Last-Modified");
        if (tag != null) {
            fields = fields.with("If-None-Match", tag);
        }
        return modified == null ? fields : fields.with("If-Modified-Since", modified);
    }

    /** Whether it can ever be used: it is fresh now, can be asked about, or may stand in for failures. */
    public boolean isOfUse() {
        boolean unasked = freshness.lifetimeMillis() > freshness.initialAgeMillis() || directives.has("stale-if-error");
        return !conditions().isEmpty() || (unasked && !directives.has("no-cache"));
    }

    /** The head with its age at this time (section 5.1). */
    public ReplyHead headAt(Instant now) {
        return new ReplyHead(head.status(), head.reason(),
                head.headers().with("Age", Long.toString(freshness.ageMillis(now) / 1000)), head.protocol());
    }

    /** How many seconds it stays fresh; negative if it is stale. */
    public long freshSeconds(Instant now) {
        return Math.floorDiv(freshness.leftMillis(now), 1000L);
    }

    /** What was asked for. */
    public String url() {
        return url;
    }

    /** Its status. */
    public int status() {
        return head.status();
    }

    /** Whether it answered a GET, not a HEAD. */
    public boolean isWhole() {
        return whole;
    }

    /** The bytes as they came, still in their coding. */
    public StoredBytes body() {
        return body;
    }

    /** The fields behind the body. */
    public Headers trailers() {
        return trailers;
    }

    /** Its fields as they are kept. */
    public Headers headers() {
        return head.headers();
    }

    /** What a request has in the fields by which this reply differs from others of its URL, in one text. */
    String keyOf(RequestFields request) {
        return variant.keyOf(request);
    }

    Variant variant() {
        return variant;
    }

    ReplyHead head() {
        return head;
    }

    boolean isShared() {
        return scope.isShared();
    }

    boolean matches(RequestFields request) {
        return variant.matches(request);
    }

    CacheDirectives directives() {
        return directives;
    }

    Freshness freshness() {
        return freshness;
    }

    /** When it was asked for. */
    public Instant requested() {
        return requested;
    }

    /** About what it takes of the memory. */
    long bytes() {
        return bytes;
    }

    /** The status and the size; the URL may be secret. */
    @Override
    public String toString() {
        return "StoredReply[" + head.status() + ", " + bytes + " bytes]";
    }

    /** The first of these that is right for a request and may answer it; null if none is. */
    static @Nullable StoredReply firstOf(Iterable<StoredReply> replies, RequestFields request, boolean wholeOnly) {
        for (StoredReply reply : replies) {
            if ((reply.whole || !wholeOnly) && reply.matches(request)) {
                return reply;
            }
        }
        return null;
    }
}
