package dev.heddle.http.server;

import dev.heddle.http.BodyWriter;
import dev.heddle.http.Cookie;
import dev.heddle.http.Headers;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.JsonException;
import dev.heddle.http.ParameterFault;
import dev.heddle.http.StatusException;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.internal.codec.Problem;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.form.ContentDisposition;
import dev.heddle.http.internal.server.EndedSwitch;
import dev.heddle.http.internal.server.EndedWriter;
import dev.heddle.http.internal.server.ProtocolSwitch;
import dev.heddle.http.internal.server.ResponseBody;
import dev.heddle.http.internal.syntax.ContentTag;
import dev.heddle.http.internal.syntax.ContentTypes;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.internal.Checks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The answer to a request: a status, headers and a body.
 *
 * <p>Responses are immutable: {@code with} methods give changed copies. Length, transfer coding and date are the
 * server's business. A body is not sent where HTTP has no place for one: for HEAD, 204 and 304.
 *
 * <p>Threads: any, but a response with an open file is sent once.
 */
public abstract sealed class Response permits RealResponse {

    private static final Headers TEXT = Headers.of("Content-Type", "text/plain; charset=utf-8");
    private static final Headers HTML = Headers.of("Content-Type", "text/html; charset=utf-8");
    private static final Headers JSON = Headers.of("Content-Type", "application/json");
    private static final String SET_COOKIE = "Set-Cookie";

    private final int status;
    private final Headers headers;
    final ResponseBody body;
    private final Supplier<Headers> trailers;

    Response(int status, Headers headers, ResponseBody body, Supplier<Headers> trailers) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.trailers = trailers;
    }

    /** A 200 with plain text, as UTF-8. */
    public static Response text(String text) {
        return new RealResponse(200, TEXT, utf8(text));
    }

    /** A 200 with an HTML page, as UTF-8. Nothing is escaped. */
    public static Response html(String page) {
        return new RealResponse(200, HTML, utf8(page));
    }

    /** A 200 with a JSON document, as UTF-8. */
    public static Response json(String document) {
        return new RealResponse(200, JSON, utf8(document));
    }

    /**
     * A 200 with a value as JSON, written by the server's {@link JsonCodec} when the handler has returned. A text is a
     * document already, as in {@link #json(String)}. With no codec, or if it cannot write the value, the peer gets 500.
     */
    public static Response json(Object value) {
        return new RealResponse(200, JSON, new ResponseBody.Streamed(ResponseBody.UNKNOWN,
                new JsonWriter(Objects.requireNonNull(value))));
    }

    /**
     * A 200 with bytes.
     *
     * @param contentType what they are, such as {@code image/png}
     * @param bytes the body; not copied, so the caller leaves it alone
     */
    public static Response bytes(String contentType, byte[] bytes) {
        return new RealResponse(200, Headers.of("Content-Type", contentType), new ResponseBody.Bytes(bytes));
    }

    /** A 204, which has no body. */
    public static Response empty() {
        return empty(204);
    }

    /**
     * A response without a body.
     *
     * @param status 200 to 599
     */
    public static Response empty(int status) {
        return new RealResponse(StatusLines.check(status), Headers.EMPTY, ResponseBody.None.NONE);
    }

    /**
     * An error that programs can read (RFC 9457), as {@code application/problem+json}.
     *
     * @param status 400 to 599
     * @param title what kind of error it is, the same each time
     * @param detail what went wrong this time and what to do, fit for the peer's eyes; may be empty
     */
    public static Response problem(int status, String title, String detail) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", must be an error: 400 to 599");
        }
        return new RealResponse(status, Headers.of("Content-Type", "application/problem+json"),
                utf8(Problem.json(status, title, detail)));
    }

    /** The answer to a document that was refused, with its places as the extension {@code errors}. */
    static Response problem(JsonException refused) {
        return new RealResponse(400, Headers.of("Content-Type", "application/problem+json"),
                utf8(Problem.json(refused)));
    }

    /** The answer to parameters that were refused. */
    static Response problem(String text, List<ParameterFault> faults) {
        return new RealResponse(400, Headers.of("Content-Type", "application/problem+json"),
                utf8(Problem.json(text, faults)));
    }

    /** A 200 with a body of unknown length that is written while it is sent. Not run for HEAD. */
    public static Response stream(String contentType, BodyWriter writer) {
        return new RealResponse(200, Headers.of("Content-Type", contentType),
                new ResponseBody.Streamed(ResponseBody.UNKNOWN, Objects.requireNonNull(writer)));
    }

    /**
     * A 200 with a body of known length that is written while it is sent. Not run for HEAD.
     *
     * @param length how many bytes the writer will write; with more or less the connection is cut
     */
    public static Response stream(String contentType, long length, BodyWriter writer) {
        Checks.notNegative("length", length);
        return new RealResponse(200, Headers.of("Content-Type", contentType),
                new ResponseBody.Streamed(length, Objects.requireNonNull(writer)));
    }

    /**
     * A 200 with a stream of events (server-sent events, WHATWG HTML, section 9.2), as an {@code EventSource} of a
     * browser reads it; a comment is sent after each 15 s without an event. The {@code Last-Event-ID} of the request
     * says where a peer was that connects again.
     *
     * <pre>{@code
     * Response.events(events -> {
     *     for (Quote quote : quotes.subscribe()) {
     *         events.send(ServerSentEvent.of(quote.json()).withId(quote.number()));
     *     }
     * });
     * }</pre>
     */
    public static Response events(EventWriter writer) {
        return events(EventBody.HEARTBEAT, writer);
    }

    /**
     * A stream of events, as {@link #events(EventWriter)}.
     *
     * @param heartbeat the longest silence before a comment is sent, and so about the time until a lost peer is noticed
     */
    public static Response events(Duration heartbeat, EventWriter writer) {
        // The last one keeps a proxy in front from gathering events.
        Headers headers = Headers.of(
                "Content-Type", "text/event-stream", "Cache-Control", "no-store", "X-Accel-Buffering", "no");
        return new RealResponse(200, headers,
                new ResponseBody.Streamed(ResponseBody.UNKNOWN,
                        new EventBody(heartbeat, Objects.requireNonNull(writer))));
    }

    /**
     * A 200 with a regular file, its type told from its name. Opens the file, on a worker thread; the program answers
     * for the path, so never build it from a request: {@link HttpServer.Builder#files} is for that.
     *
     * <p>Cancellation: a cancelled call leaves no file open.
     *
     * @throws StatusException 404 if there is no regular file to read
     */
    public static Response file(Path path) {
        return FileResponses.whole(OpenFile.open(path), ContentTypes.of(String.valueOf(path.getFileName())));
    }

    /**
     * A response with a body that is written while it is sent, and exactly these headers, as from a reply that is
     * passed on; {@link Headers#endToEnd} leaves out what the server writes. The writer is not run for HEAD.
     *
     * @param status 200 to 599, of one that has a body
     * @param length how many bytes the writer will write; -1 if only its end will tell
     * @throws IllegalArgumentException if one of the fields is for the server to write
     */
    public static Response stream(int status, Headers headers, long length, BodyWriter writer) {
        Checks.atLeast("length", length, ResponseBody.UNKNOWN);
        headers.forEach(FieldSyntax::checkHandlers);
        return new RealResponse(StatusLines.check(status), headers,
                new ResponseBody.Streamed(length, Objects.requireNonNull(writer)));
    }

    /**
     * Opens a WebSocket if the request asks for one as it must (RFC 6455, section 4.2.1); otherwise an error: 426
     * without its fields or with another version than 13, 400 for bad ones or a body, 403 for a page of an origin that
     * is not allowed. Over HTTP/2 (RFC 8441) and HTTP/3 (RFC 9220) it opens one on a stream, and
     * another version gets 400.
     *
     * @param handler talks in the task of the connection, or of the stream, which is no longer HTTP
     */
    public static Response webSocket(Request request, WebSocketOptions options, WebSocketHandler handler) {
        return WebSocketHandshake.answer(request, options, handler);
    }

    /**
     * Sends the peer elsewhere.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param location an absolute or relative URL of visible ASCII
     */
    public static Response redirect(int status, String location) {
        if (status < 301 || status > 308 || (status > 303 && status < 307)) {
            throw new IllegalArgumentException("status is " + status + ", must be 301, 302, 303, 307 or 308");
        }
        for (int i = 0; i < location.length(); i++) {
            char c = location.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw new IllegalArgumentException("location has a forbidden character at " + i);
            }
        }
        return new RealResponse(status, Headers.of("Location", location), ResponseBody.None.NONE);
    }

    /**
     * This response with another status.
     *
     * @param status 200 to 599
     */
    public Response withStatus(int status) {
        return new RealResponse(StatusLines.check(status), headers, body, trailers);
    }

    /**
     * This response with one field of this name, in place of any others. {@code Connection: close} ends the connection
     * after it.
     *
     * @throws IllegalArgumentException if the name or value is malformed, or the field is for the server to write
     */
    public Response withHeader(String name, String value) {
        FieldSyntax.checkHandlers(name, value);
        return withOnlyHeaders(headers.with(name, value));
    }

    /** This response with one more field, such as a second {@code Set-Cookie}; as {@link #withHeader}. */
    public Response withAddedHeader(String name, String value) {
        FieldSyntax.checkHandlers(name, value);
        return withOnlyHeaders(headers.withAdded(name, value));
    }

    /**
     * This response with the fields of others, as from a reply that is passed on: each name comes with all its values,
     * in place of any that this response has; {@link Headers#endToEnd} leaves out what the server writes.
     *
     * @throws IllegalArgumentException if one of the fields is for the server to write; as {@link #withHeader}
     */
    public Response withHeaders(Headers fields) {
        fields.forEach(FieldSyntax::checkHandlers);
        return withOnlyHeaders(headers.with(fields));
    }

    /**
     * This response as a file to be saved instead of shown (RFC 6266).
     *
     * @param fileName what the browser calls it; may come from anywhere: directories and control characters are left
     *     out, and a long name is cut
     */
    public Response asAttachment(String fileName) {
        return withHeader("Content-Disposition", ContentDisposition.attachment(fileName));
    }

    /**
     * This response with an entity tag made of its bytes: see {@link Conditional#middleware()}.
     *
     * @throws IllegalStateException if the body is not in memory
     */
    public Response withETag() {
        return switch (body) {
            case ResponseBody.Bytes(byte[] bytes) -> withETag(ContentTag.of(bytes));
            case ResponseBody.None.NONE -> withETag(ContentTag.of(new byte[0]));
            case ResponseBody.Streamed streamed -> throw noTag();
            case ResponseBody.FilePart file -> throw noTag();
            case ResponseBody.Upgraded upgraded -> throw noTag();
        };
    }

    private static IllegalStateException noTag() {
        return new IllegalStateException("the bytes of this body are not in memory: name a tag, as withETag(version)");
    }

    /**
     * This response with an entity tag (RFC 9110, section 8.8.3).
     *
     * @param tag what stands for the state of the resource and changes with it, such as a version; visible ASCII
     *     without quotes and commas
     */
    public Response withETag(String tag) {
        return withHeader("ETag", Conditional.quoted(tag));
    }

    /** This response with a cookie for the peer to keep, in place of one that has its name. */
    public Response withCookie(Cookie cookie) {
        return withOnlyHeaders(withCookieField(headers, cookie));
    }

    /** At most one Set-Cookie field for each name (RFC 6265bis, section 4.1.1). */
    private static Headers withCookieField(Headers headers, Cookie cookie) {
        List<String> before = headers.all(SET_COOKIE);
        String start = cookie.name() + "=";
        Headers kept = headers;
        if (before.stream().anyMatch(field -> field.startsWith(start))) {
            kept = headers.without(SET_COOKIE);
            for (String field : before) {
                if (!field.startsWith(start)) {
                    kept = kept.withAdded(SET_COOKIE, field);
                }
            }
        }
        return kept.withAdded(SET_COOKIE, cookie.field());
    }

    /**
     * This response with the wish that the peer forget a cookie of the path {@code /} and of this host. For one with
     * another path or domain use {@code withCookie(cookie.expired())}.
     */
    public Response withoutCookie(String name) {
        return withCookie(Cookie.of(name, "").expired());
    }

    /**
     * This response with fields behind its body, such as a checksum or a {@code Server-Timing}: what is known only when
     * all is written (RFC 9110, section 6.5). Peers that speak HTTP/1.0 do not get them, and others may ignore them; a
     * {@code Trailer} header can announce their names.
     *
     * <pre>{@code
     * var sum = new CRC32C();
     * return Response.stream("text/csv", out -> table.writeTo(new CheckedOutputStream(out, sum)))
     *         .withTrailers(() -> Headers.of("X-Crc32c", Long.toHexString(sum.getValue())));
     * }</pre>
     *
     * @param trailers asked once, when the body has been written to its end; in the handler's task. What it throws, or
     *     a field that has no place behind a body, such as Content-Type or Set-Cookie, is a failure as one of the
     *     body's writer
     * @throws IllegalStateException if the body is not a stream of unknown length: of others all is known before
     */
    public Response withTrailers(Supplier<Headers> trailers) {
        if (!(body instanceof ResponseBody.Streamed) || body.length() != ResponseBody.UNKNOWN) {
            throw new IllegalStateException("only a streamed body of unknown length has trailers; set headers");
        }
        return new RealResponse(status, headers, body, Objects.requireNonNull(trailers));
    }

    /**
     * This response with something to do when it is over, such as to close what its writer reads from. Also where the
     * writer is never run: for HEAD, behind a middleware that answers something else, for a peer that is gone, for a
     * handler that has made it and fails then. Of several, the first one given comes first. A response that is kept and
     * given for many requests ends with each of them. That of a {@linkplain #webSocket WebSocket} is over when that is
     * closed, or if it is not opened.
     *
     * <pre>{@code
     * var rows = table.open();
     * return Response.stream("text/csv", out -> rows.copyTo(out)).onEnd(rows::close);
     * }</pre>
     *
     * <p>Cancellation: a cancelled request ends too, and what waits in {@code end} is then cancelled at once.
     *
     * @param end run once for a request, in its task, behind the last byte that was sent. What it throws is logged
     * @throws IllegalStateException if the body is neither streamed nor a WebSocket: others hold nothing of the program's
     */
    public Response onEnd(Runnable end) {
        Objects.requireNonNull(end);
        return onOutcome(failure -> end.run());
    }

    /**
     * This response with something to do when it is over, as {@link #onEnd}, that is told how it went.
     *
     * @param end gets what the writer of the body, or the WebSocket, has failed with, also where its peer was gone or its
     *     request cancelled; empty if it went well or was never run
     * @throws IllegalStateException if the body is neither streamed nor a WebSocket
     */
    public Response onOutcome(Consumer<Optional<Throwable>> end) {
        Objects.requireNonNull(end);
        Consumer<Optional<Throwable>> logged = failure -> {
            try {
                end.accept(failure);
            } catch (Throwable e) {
                ServerLog.endFailed(e);
            }
        };
        RequestState request = RequestState.current();
        ResponseBody ended;
        if (body instanceof ResponseBody.Upgraded(ProtocolSwitch next)) {
            ended = new ResponseBody.Upgraded(new EndedSwitch(next, logged));
        } else if (isStreamed() && body instanceof ResponseBody.Streamed(long length, BodyWriter writer)) {
            ended = new ResponseBody.Streamed(length, new EndedWriter(writer, request, logged));
        } else {
            throw new IllegalStateException("only a streamed body, or a WebSocket, has an end to wait for");
        }
        if (request != null) {
            request.gave(ended);
        }
        return withBody(ended);
    }

    /**
     * Who hears the bytes of a body that goes by: in pieces, then one of the ends. In the task of the request; no method
     * waits.
     */
    public interface Copy {

        /** More bytes, which are the caller's again when it returns. */
        void add(byte[] bytes, int offset, int count);

        /** That was all of the body. */
        void finish();

        /** It was broken off, was not sent, or is of a kind that is not copied. */
        void discard();
    }

    /**
     * This response, of whose body somebody hears what is sent: a body in memory at once, a streamed one as it is
     * written, which may be never, as for HEAD. A file is sent by the system and not copied; nor is another protocol.
     *
     * @param copy hears pieces, then {@link Copy#finish} or {@link Copy#discard} once. What it throws is a failure as
     *     one of the body's writer
     */
    public Response withCopy(Copy copy) {
        return switch (body) {
            case ResponseBody.None.NONE -> {
                copy.finish();
                yield this;
            }
            case ResponseBody.Bytes(byte[] bytes) -> {
                copy.add(bytes, 0, bytes.length);
                copy.finish();
                yield this;
            }
            case ResponseBody.Streamed(long length, BodyWriter writer) -> withBody(
                    new ResponseBody.Streamed(length, new CopiedBody(writer, length, copy)));
            case ResponseBody.FilePart file -> {
                copy.discard();
                yield this;
            }
            case ResponseBody.Upgraded upgraded -> {
                copy.discard();
                yield this;
            }
        };
    }

    /** Whether its body is written when the handler is done, piece by piece, and has an {@linkplain #onEnd end}. */
    public boolean isStreamed() {
        return body instanceof ResponseBody.Streamed streamed && !(streamed.writer() instanceof JsonWriter);
    }

    /** This response with ends of its own for this request, so that one that is kept and given again ends each time. */
    Response forRequest(RequestState request) {
        return body instanceof ResponseBody.Streamed(long length, EndedWriter writer) && !writer.isFor(request)
                ? withBody(new ResponseBody.Streamed(length, writer.forRequest(request)))
                : this;
    }

    /** The status, 200 to 599. */
    public int status() {
        return status;
    }

    /** The headers so far, without those that the server adds. */
    public Headers headers() {
        return headers;
    }

    Response withBody(ResponseBody body) {
        return new RealResponse(status, headers, body, trailers);
    }

    /** This response with other headers, whose makers have checked them. */
    Response withOnlyHeaders(Headers headers) {
        return new RealResponse(status, headers, body, trailers);
    }

    /** Says what follows the body, once that is written. */
    Supplier<Headers> trailers() {
        return trailers;
    }

    abstract ResponseBody body();

    @Override
    public String toString() {
        return "Response[" + status + ", " + body.getClass().getSimpleName() + "]";
    }

    private static ResponseBody utf8(String text) {
        return new ResponseBody.Bytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
