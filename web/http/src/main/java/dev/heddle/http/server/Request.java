package dev.heddle.http.server;

import dev.heddle.BrokenException;
import dev.heddle.http.Form;
import dev.heddle.http.Headers;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.BodyFile;
import dev.heddle.http.internal.codec.BodyInputStream;
import dev.heddle.http.internal.codec.JsonCodecs;
import dev.heddle.http.internal.codec.PathParameterType;
import dev.heddle.http.internal.codec.Query;
import dev.heddle.http.internal.codec.RequestCookies;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.proxy.RequestOrigin;
import dev.heddle.http.internal.server.RequestSource;
import dev.heddle.http.internal.syntax.PathSegments;
import dev.heddle.http.internal.syntax.WholeNumber;
import dev.heddle.internal.Checks;
import dev.heddle.internal.RequestScope;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request as its handler sees it. The head is there when the handler starts; the body is read from the connection as
 * the handler asks for it, so a large one never lies in memory unless the handler puts it there.
 *
 * <p>What proxies say about the peer, {@code X-Forwarded-For} and its like, are ordinary headers here and change
 * nothing, unless the server was told to trust them: {@link HttpServer.Builder#trustProxies}.
 *
 * <p>Threads: the head from any thread, the body from the tasks of the server's loop, one at a time, until the response
 * is written.
 */
public final class Request {

    private static final List<String> FRAMING = List.of("Host", "Content-Length", "Transfer-Encoding", "Expect",
            "Connection", "Upgrade");

    private static final int MIN_INTERIM = 102;
    private static final int MAX_INTERIM = 199;

    private final RequestHead head;
    private final RequestSource source;
    private final RequestSettings settings;
    private final RequestBody body;
    private final RequestState state;
    private final @Nullable String id;
    private @Nullable Form query;
    private @Nullable Map<String, String> cookies;
    private @Nullable RequestOrigin origin;

    Request(RequestHead head, RequestSource source, RequestSettings settings) {
        this.head = head;
        this.source = source;
        this.settings = settings;
        this.body = new RequestBody(head, source, settings);
        this.state = new RequestState();
        this.id = RequestScope.current();
    }

    /** The same request with other headers. */
    private Request(Request other, RequestHead head) {
        this.head = head;
        this.source = other.source;
        this.settings = other.settings;
        this.body = other.body;
        this.state = other.state;
        this.id = other.id;
        this.origin = other.origin();
    }

    /**
     * This request with other headers, for handlers further in: all else, its body and what is marked on it, is shared
     * with this one. Who asks, for what host, stays as it was.
     *
     * @param fields those that it has; none that says how long the body is, or for which host it is, is to change
     * @throws IllegalArgumentException if one of those has changed
     */
    public Request withOnlyHeaders(Headers fields) {
        for (String name : FRAMING) {
            if (!fields.all(name).equals(headers().all(name))) {
                throw new IllegalArgumentException(name + " is what the request was read by, and stays");
            }
        }
        return new Request(this, head.withHeaders(fields));
    }

    /**
     * Whether it asks for a WebSocket: by Upgrade over HTTP/1.1, or by CONNECT and :protocol over HTTP/2 (RFC 8441)
     * and HTTP/3 (RFC 9220), which is shown here as the GET that it stands for. Says nothing about the rest of the handshake, which {@link
     * Response#webSocket} looks at.
     */
    public boolean asksForWebSocket() {
        return head.connectProtocol() != null || RequestHead.listHas(headers(), "Upgrade", "websocket");
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
     * The path, decoded: {@code /a b}. An encoded slash is a slash here, so build nothing from it that a slash has a
     * meaning to; {@link #path(String)} tells them apart.
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
     * What stood in the place of a {@code {name}} of the route, decoded. Never empty, {@code .} or {@code ..}, but may
     * hold any other printable character, a slash too.
     *
     * @throws IllegalArgumentException if the route has no such place
     */
    public String path(String name) {
        String value = state.parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    /**
     * What stood in the place of a {@code {name:int}}.
     *
     * @throws StatusException 404 if it is no int, which a place of another kind lets pass
     * @throws IllegalArgumentException if the route has no such place
     */
    public int pathInt(String name) {
        long value = pathLong(name);
        if (value != (int) value) {
            throw new StatusException(404, "Not Found");
        }
        return (int) value;
    }

    /** What stood in the place of a {@code {name:long}}, as {@link #pathInt}. */
    public long pathLong(String name) {
        Long value = WholeNumber.parse(path(name));
        if (value == null) {
            throw new StatusException(404, "Not Found");
        }
        return value;
    }

    /** What stood in the place of a {@code {name:uuid}}, as {@link #pathInt}. */
    public UUID pathUuid(String name) {
        UUID value = PathParameterType.uuid(path(name));
        if (value == null) {
            throw new StatusException(404, "Not Found");
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
        return parsedQuery().get(name);
    }

    /**
     * All values of a query parameter, decoded, in order.
     *
     * @throws StatusException 400 if the query is malformed
     */
    public List<String> queryAll(String name) {
        return parsedQuery().all(name);
    }

    /**
     * The first value of a query parameter as an int.
     *
     * @param otherwise for a query without it
     * @throws StatusException 400 if it is no int in plain digits, or the query is malformed
     */
    public int queryInt(String name, int otherwise) {
        long value = queryLong(name, otherwise);
        if (value != (int) value) {
            throw notANumber(name);
        }
        return (int) value;
    }

    /** The first value of a query parameter as a long, as {@link #queryInt}. */
    public long queryLong(String name, long otherwise) {
        String text = parsedQuery().get(name).orElse(null);
        if (text == null) {
            return otherwise;
        }
        Long value = WholeNumber.parse(text);
        if (value == null) {
            throw notANumber(name);
        }
        return value;
    }

    /**
     * The first value of a query parameter as a yes or no.
     *
     * @param otherwise for a query without it
     * @throws StatusException 400 if it is neither {@code true} nor {@code false}, or the query is malformed
     */
    public boolean queryBoolean(String name, boolean otherwise) {
        String text = parsedQuery().get(name).orElse(null);
        return switch (text) {
            case null -> otherwise;
            case "true" -> true;
            case "false" -> false;
            default -> throw new StatusException(400, name + " must be true or false");
        };
    }

    private static StatusException notANumber(String name) {
        return new StatusException(400, name + " must be a whole number");
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

    /**
     * The host that is asked, with its port if one was given; only HTTP/1.0 may leave it out. What a trusted proxy was
     * asked for, if the server has such: see {@link HttpServer.Builder#trustProxies}.
     */
    public Optional<String> host() {
        return Optional.ofNullable(origin().host());
    }

    /** {@code https} or {@code http}: what the client speaks, of which a trusted proxy may tell. */
    public String scheme() {
        return isSecure() ? "https" : "http";
    }

    /** Whether the client speaks https, to this server or to a trusted proxy. */
    public boolean isSecure() {
        return origin().secure();
    }

    /**
     * Who asks: the peer's IP address without a port, or that of the client for which a trusted proxy asks. For a peer
     * without an IP address what stands for one in {@link #remoteAddress}, maybe nothing.
     */
    public String clientAddress() {
        return origin().clientAddress();
    }

    /**
     * What was agreed on with the peer: the version of TLS, its cipher and the peer's certificates; empty without TLS.
     */
    public Optional<TlsSession> tls() {
        return Tls.session(source.connection());
    }

    private RequestOrigin origin() {
        RequestOrigin known = origin;
        if (known == null) {
            known = settings.proxies().origin(head, source.connection());
            origin = known;
        }
        return known;
    }

    /** The path of the route that answers, with its places: {@code /users/{id}}; empty where none does. */
    public Optional<String> route() {
        return Optional.ofNullable(source.route());
    }

    /**
     * Whether it gets a path of the server's {@link HttpServer.Builder#health} or {@link HttpServer.Builder#readiness}:
     * for middleware that lets those pass who watch over the server.
     */
    public boolean isHealthCheck() {
        String route = source.route();
        return route != null && (method().equals("GET") || method().equals("HEAD"))
                && settings.healthPaths().contains(route);
    }

    /** The version: {@code HTTP/2}, {@code HTTP/1.1} or {@code HTTP/1.0}. */
    public String version() {
        return head.protocol().toString();
    }

    /** The peer's address, fit for a log line. */
    public String remoteAddress() {
        return source.connection().remoteAddress();
    }

    /** The address that the peer has connected to, fit for a log line. */
    public String localAddress() {
        return source.connection().localAddress();
    }

    /**
     * Tells the peer what the response will need while the handler still works on it: 103 Early Hints (RFC 8297), so that a
     * browser fetches a style sheet before it has the page.
     *
     * <pre>{@code
     * request.sendEarlyHints(Headers.of("Link", "</style.css>; rel=preload; as=style"));
     * return Response.html(page(shop.slowQuery()));
     * }</pre>
     *
     * <p>Browsers take hints over HTTP/2 only; some old clients of HTTP/1.1 take them for the response. Otherwise as {@link
     * #sendInterim}.
     */
    public void sendEarlyHints(Headers fields) {
        sendInterim(103, fields);
    }

    /**
     * Sends an interim response (RFC 9110, section 15.2) before the response, waiting while the peer reads too slowly. A
     * peer of HTTP/1.0, which knows none, gets nothing.
     *
     * <p>Cancellation: a cancelled call has sent nothing or, over HTTP/1.1, may have sent a part; then the connection is of
     * no use any more.
     *
     * @param status 102 to 199: 100 is sent when the body is read, and 101 with a WebSocket
     * @throws BrokenException if the connection is lost, or the stream of HTTP/2 reset
     * @throws IllegalArgumentException if a field says how long a body is, or is about the connection
     * @throws IllegalStateException if the response has begun to leave, or is sent
     */
    public void sendInterim(int status, Headers fields) {
        Checks.inRange("status", status, MIN_INTERIM, MAX_INTERIM);
        for (String name : FRAMING) {
            if (fields.contains(name)) {
                throw new IllegalArgumentException("an interim response has no " + name);
            }
        }
        source.sendInterim(status, fields);
    }

    /** How long the body is in bytes; empty if only its end will tell. */
    public OptionalLong contentLength() {
        return head.bodyLength() == RequestHead.CHUNKED ? OptionalLong.empty() : OptionalLong.of(head.bodyLength());
    }

    /**
     * Reads some of the body, waiting while there is none. The first call sends the 100 that the peer may wait for,
     * unless the response has begun to leave.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param target where the bytes go
     * @return how many, at least 1; 0 only if the target has no room; -1 at the end
     * @throws StatusException 400 if the body is malformed or ends early, 413 if it is longer than the limit; so says
     *     each later read
     * @throws BrokenException if the connection is lost, or the stream of HTTP/2 reset; so does each later read
     * @throws IllegalStateException if the response has been sent
     */
    public int read(byte[] target) {
        return read(target, 0, target.length);
    }

    /** Reads as {@link #read(byte[])} into a part of an array. */
    public int read(byte[] target, int offset, int length) {
        return body.read(target, offset, length);
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
        return body.bytes(max);
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
        return body.text(max);
    }

    /**
     * Has somebody hear the body, in pieces as handlers further in read it: for middleware that checks or counts it. What
     * is not read is not heard.
     *
     * @param copy hears each piece before its reader has it, and {@link Response.Copy#finish} with each read that finds
     *     the end of the body, where the trailers are there; {@link Response.Copy#discard} is not called. What it throws
     *     is the failure of that read
     */
    public void copyBody(Response.Copy copy) {
        body.copyTo(Objects.requireNonNull(copy));
    }

    /** The rest of the body as a stream, for libraries that read one. For tasks only; closing it does nothing. */
    public InputStream inputStream() {
        return new BodyInputStream(body);
    }

    /**
     * Puts the rest of the body into a file. It goes to a file beside it first, which takes its place only when it is
     * whole. Writes on worker threads.
     *
     * <p>Cancellation: a cancelled or failed call leaves the old file and nothing beside it.
     *
     * @return how many bytes there were
     * @throws IOException if the file cannot be written
     * @throws StatusException as {@link #read(byte[])}
     */
    public long saveTo(Path file) throws IOException {
        return BodyFile.copy(body, file);
    }

    /** Reads the body as a form within the default limits, as {@link #form(FormLimits)}. */
    public Form form() {
        return form(FormLimits.DEFAULT);
    }

    /**
     * Reads the body as a form that is {@code application/x-www-form-urlencoded}. A second call gives the same form.
     *
     * <p>Text is UTF-8; a plus is a space, a name without an equals sign has an empty value, and empty pairs are
     * skipped.
     *
     * <p>Cancellation: what a cancelled call has read is lost.
     *
     * @throws StatusException 400 if an escape is malformed or text is no UTF-8, 413 beyond a limit, 415 for another
     *     type or charset; otherwise as {@link #read(byte[])}
     */
    public Form form(FormLimits limits) {
        return body.forms().form(limits);
    }

    /** The parts of the body within the default limits, as {@link #multipart(MultipartLimits)}. */
    public MultipartReader multipart() {
        return multipart(MultipartLimits.DEFAULT);
    }

    /**
     * The parts of a body that is {@code multipart/form-data}, to be read as they come. Waits for nothing yet.
     *
     * @throws StatusException 400 if there is no boundary or a bad one, 413 if the body is too long, 415 for another
     *     type
     * @throws IllegalStateException if the body was read as a form before
     */
    public MultipartReader multipart(MultipartLimits limits) {
        return body.forms().multipart(limits);
    }

    /** Reads all that a form has sent within the default limits, as {@link #formData(MultipartLimits)}. */
    public FormData formData() {
        return formData(MultipartLimits.DEFAULT);
    }

    /**
     * Reads all that a form has sent, its fields and files, as {@code multipart/form-data} or {@code
     * application/x-www-form-urlencoded}. Files that have no room in memory go to the disk, on worker threads. A second
     * call gives the same.
     *
     * <p>Cancellation: what a cancelled call has read is lost, and its files are gone when the request ends.
     *
     * @throws StatusException as {@link MultipartReader} and {@link #form(FormLimits)}; 507 if the disk is full
     */
    public FormData formData(MultipartLimits limits) {
        return body.forms().data(limits);
    }

    /** Reads the body as JSON of at most 1 MiB, as {@link #json(Class, int)}. */
    public <T> T json(Class<T> type) {
        return json(type, JsonCodecs.MAX_BYTES);
    }

    /**
     * Reads the body as JSON with the server's {@link JsonCodec}. For a list ask for an array: {@code
     * json(User[].class)}.
     *
     * <p>Asks for the type {@code application/json}, or one that ends with {@code +json}: a page of somebody else can
     * have a browser send any body, but not under that type.
     *
     * <p>Cancellation: what a cancelled call has read is lost.
     *
     * @param max most bytes
     * @throws StatusException 400 if the document is malformed, null or no such value, 413 if it is longer, 415 for
     *     another type or charset; otherwise as {@link #read(byte[])}
     * @throws IllegalStateException if the server has no codec
     */
    public <T> T json(Class<T> type, int max) {
        return body.json(type, max);
    }

    /** The fields that came after the body (RFC 9110, section 6.5); none before the end of the body was read. */
    public Headers trailers() {
        return source.trailers();
    }

    /**
     * How long the reads of the body have waited for the peer so far: what a slow client adds to the time of a handler.
     */
    public Duration waitedForBody() {
        return Duration.ofNanos(body.waitedNanos());
    }

    /**
     * Waits until the peer has gone: for handlers that work long and want to know, in a race with the work. The body
     * must have been read. A peer that has ended its output counts as gone. If the peer has sent its next request
     * already, this waits until it is cancelled.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     */
    public void awaitDisconnect() {
        body.awaitDisconnect();
    }

    /**
     * Leaves a value for the handlers further in, in place of an earlier one of the same key.
     *
     * @see RequestKey
     */
    public <T> void set(RequestKey<T> key, T value) {
        state.set(key, value);
    }

    /** The value that was left under a key. */
    @SuppressWarnings("unchecked") // what set has taken
    public <T> Optional<T> get(RequestKey<T> key) {
        return Optional.ofNullable((T) state.get(key));
    }

    /** The id of the request, by which logs know it, if the server {@linkplain HttpServer.Builder#requestIds gives} ids. */
    public Optional<String> id() {
        return Optional.ofNullable(id);
    }

    /** Who the peer is, as {@link Authentication} or a like middleware has found out. */
    public Optional<String> user() {
        return Optional.ofNullable(state.user);
    }

    /**
     * What the server remembers of this visitor.
     *
     * @throws IllegalStateException if no {@link Sessions} stand before the handler
     */
    public Session session() {
        Session known = state.session;
        if (known == null) {
            throw new IllegalStateException(
                    "there are no sessions here: put a Sessions middleware before this handler");
        }
        return known;
    }

    // ---- for the server ----

    RequestHead head() {
        return head;
    }

    RequestSource source() {
        return source;
    }

    RequestSettings settings() {
        return settings;
    }

    RequestBody body() {
        return body;
    }

    RequestState state() {
        return state;
    }

    private Form parsedQuery() {
        Form parsed = query;
        if (parsed == null) {
            parsed = Query.parse(head.target().query());
            query = parsed;
        }
        return parsed;
    }

    /** The method and path, fit for a log line; without the query, which may be secret. */
    @Override
    public String toString() {
        return "Request[" + head.label() + "]";
    }
}
