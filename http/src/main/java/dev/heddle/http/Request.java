package dev.heddle.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request as its handler sees it. The head is there when the handler starts; the body is read from the connection as the
 * handler asks for it, so a large one never lies in memory unless the handler puts it there.
 *
 * <p>What proxies say about the peer, {@code X-Forwarded-For} and its like, are ordinary headers here and change nothing.
 *
 * <p>Threads: the head from any thread, the body from the tasks of the server's loop, one at a time, until the response is
 * written.
 */
public final class Request {

    private final RequestHead head;
    private final RequestSource source;
    private Map<String, String> parameters = Map.of();
    private @Nullable Query query;
    private @Nullable Map<String, String> cookies;
    private @Nullable String user;
    private @Nullable Session session;

    Request(RequestHead head, RequestSource source) {
        this.head = head;
        this.source = source;
    }

    /** The method, in the case it came: {@code GET}. */
    public String method() {
        return head.method();
    }

    /** The target as it came, still percent-encoded: {@code /a%20b?c=d}. */
    public String target() {
        return head.rawTarget();
    }

    /**
     * The path, decoded: {@code /a b}. An encoded slash is a slash here, so build nothing from it that a slash has a meaning
     * to; {@link #path(String)} tells them apart.
     */
    public String path() {
        String path = head.target().path();
        if (path.indexOf('%') < 0) {
            return path;
        }
        String decoded = PathSegments.decode(path, false);
        return decoded == null ? path : decoded;
    }

    /**
     * What stood in the place of a {@code {name}} of the route, decoded. Never empty, {@code .} or {@code ..}, but may hold
     * any other printable character, a slash too.
     *
     * @throws IllegalArgumentException if the route has no such place
     */
    public String path(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    /** What follows the question mark, as it came. */
    public Optional<String> queryString() {
        return Optional.ofNullable(head.target().query());
    }

    /**
     * The first value of a query parameter, decoded; empty text if it has no value.
     *
     * @throws StatusException 400 if the query is malformed
     */
    public Optional<String> query(String name) {
        return Optional.ofNullable(parsedQuery().first(name));
    }

    /**
     * All values of a query parameter, decoded, in order.
     *
     * @throws StatusException 400 if the query is malformed
     */
    public List<String> queryAll(String name) {
        return parsedQuery().all(name);
    }

    /** The headers, in order. */
    public Headers headers() {
        return head.headers();
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return head.headers().get(name);
    }

    /** The value of a cookie as it came; of several with this name the first, which has the longest path. */
    public Optional<String> cookie(String name) {
        return Optional.ofNullable(cookies().get(name));
    }

    /** The cookies by their names, in order; malformed ones are left out. */
    public Map<String, String> cookies() {
        Map<String, String> parsed = cookies;
        if (parsed == null) {
            parsed = RequestCookies.parse(head.headers());
            cookies = parsed;
        }
        return parsed;
    }

    /** The host that is asked, with its port if one was given; only HTTP/1.0 may leave it out. */
    public Optional<String> host() {
        return Optional.ofNullable(head.host());
    }

    /** The version: {@code HTTP/2}, {@code HTTP/1.1} or {@code HTTP/1.0}. */
    public String version() {
        return head.protocol().toString();
    }

    /** The peer's address, fit for a log line. */
    public String remoteAddress() {
        return source.connection().remoteAddress();
    }

    /** How long the body is in bytes; empty if only its end will tell. */
    public OptionalLong contentLength() {
        return head.bodyLength() == RequestHead.CHUNKED ? OptionalLong.empty() : OptionalLong.of(head.bodyLength());
    }

    /**
     * Reads some of the body, waiting while there is none. The first call sends the 100 that the peer may wait for.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param target where the bytes go
     * @return how many, at least 1; 0 only if the target has no room; -1 at the end
     * @throws StatusException 400 if the body is malformed or ends early, 413 if it is longer than the limit
     * @throws IllegalStateException if the response has been sent
     */
    public int read(byte[] target) {
        return source.read(ByteBuffer.wrap(target));
    }

    /** Reads as {@link #read(byte[])} into a part of an array. */
    public int read(byte[] target, int offset, int length) {
        return source.read(ByteBuffer.wrap(target, offset, length));
    }

    /**
     * Reads the rest of the body.
     *
     * <p>Cancellation: what a cancelled call has read is lost.
     *
     * @param max most bytes
     * @throws StatusException 413 if more come; otherwise as {@link #read(byte[])}
     */
    public byte[] bytes(int max) {
        long known = head.bodyLength();
        if (known > max) {
            throw tooLong(max);
        }
        var whole = new ByteArrayOutputStream((int) Math.min(Math.max(known, 32), 8 * 1024));
        var part = new byte[(int) Math.min(Math.max(known, 1), 16 * 1024)];
        for (int count = read(part); count >= 0; count = read(part)) {
            if (whole.size() + count > max) {
                throw tooLong(max);
            }
            whole.write(part, 0, count);
        }
        return whole.toByteArray();
    }

    /**
     * Reads the rest of the body as text, in the charset of the Content-Type or UTF-8. Malformed bytes become U+FFFD.
     *
     * <p>Cancellation: what a cancelled call has read is lost.
     *
     * @param max most bytes
     * @throws StatusException 415 for an unknown charset; otherwise as {@link #bytes}
     */
    public String text(int max) {
        return new String(bytes(max), charset());
    }

    /**
     * Waits until the peer has gone: for handlers that work long and want to know, in a race with the work. The body must
     * have been read. A peer that has ended its output counts as gone. If the peer has sent its next request already, this
     * waits until it is cancelled.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     */
    public void awaitDisconnect() {
        if (!source.isEnded()) {
            throw new IllegalStateException("the body has not been read");
        }
        source.awaitGone();
    }

    /** Who the peer is, as {@link Authentication} or a like middleware has found out. */
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /**
     * What the server remembers of this visitor.
     *
     * @throws IllegalStateException if no {@link Sessions} stand before the handler
     */
    public Session session() {
        Session known = session;
        if (known == null) {
            throw new IllegalStateException(
                    "there are no sessions here: put a Sessions middleware before this handler");
        }
        return known;
    }

    void session(Session visitor) {
        session = visitor;
    }

    void user(String name) {
        user = name;
    }

    void parameters(Map<String, String> values) {
        parameters = values;
    }

    RequestHead head() {
        return head;
    }

    private Query parsedQuery() {
        Query parsed = query;
        if (parsed == null) {
            parsed = Query.parse(head.target().query());
            query = parsed;
        }
        return parsed;
    }

    private Charset charset() {
        String name = ContentTypes.charset(head.headers().first("Content-Type"));
        if (name == null) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new StatusException(415, "unknown charset");
        }
    }

    private static StatusException tooLong(int max) {
        return new StatusException(413, "the body is longer than " + max + " bytes");
    }

    @Override
    public String toString() {
        return "Request[" + FieldSyntax.printable(head.method() + " " + head.rawTarget()) + "]";
    }
}
