package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.Form;
import dev.heddle.http.Headers;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.Http1RequestHead;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.BodyType;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.codec.JsonCodecs;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.PasswordField;
import dev.heddle.internal.Checks;
import dev.heddle.io.TlsException;
import dev.heddle.io.TruncatedException;
import dev.heddle.net.ConnectFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A request in the making: set what is to be sent, then {@link #send()}. May be sent again, one after the other.
 *
 * <p>All that a caller sets is checked at once, so a request that exists cannot say anything else than it seems to: no
 * line end or other control character gets into the head.
 *
 * <p>Threads: one task at a time, of any loop.
 */
public final class ClientRequest {

    private static final int MAX_URGENCY = 7;

    private final HttpClient client;
    private final String method;
    private ClientUrl url;
    private Headers headers = Headers.EMPTY;
    private ClientBody body = ClientBody.NONE;
    private CallOptions options;
    private boolean isBare;
    private boolean isSent;

    ClientRequest(HttpClient client, String method, String url) {
        if (!FieldSyntax.isToken(method)) {
            throw new IllegalArgumentException("not a method: " + FieldSyntax.printable(method));
        }
        if (method.equals("CONNECT")) {
            throw new IllegalArgumentException("CONNECT makes a tunnel; the client makes them itself, see Proxy");
        }
        this.client = client;
        this.method = method;
        this.url = client.url(url);
        this.options = client.settings().call();
    }

    private ClientRequest(ClientRequest other) {
        this.client = other.client;
        this.method = other.method;
        this.url = other.url;
        this.headers = other.headers;
        this.body = other.body;
        this.options = other.options;
        this.isBare = other.isBare;
    }

    /** The method as it will be sent. */
    public String method() {
        return method;
    }

    /** The whole URL, its query included; the base URL of the client is resolved. */
    public URI url() {
        return url.toUri();
    }

    /** The fields set on this request so far, without those that the client adds. */
    public Headers headers() {
        return headers;
    }

    /**
     * Sets a header field; a field of this name that was set before goes away.
     *
     * @throws IllegalArgumentException if the name is no token, the value has a forbidden character, or the field is
     *     one that the client sets itself, such as Content-Length
     */
    public ClientRequest header(String name, String value) {
        Http1RequestHead.checkField(name);
        headers = headers.with(name, value);
        return this;
    }

    /**
     * Sets the fields of others, as from a request that is passed on: each name comes with all its values, in place of
     * any that were set before; {@link Headers#endToEnd} leaves out what the client sets itself.
     *
     * @throws IllegalArgumentException if one of the fields is one that the client sets itself; nothing has changed
     */
    public ClientRequest headers(Headers fields) {
        fields.forEach((name, value) -> Http1RequestHead.checkField(name));
        headers = headers.with(fields);
        return this;
    }

    /** Adds a header field beside those of the same name; throws as {@link #header} does. */
    public ClientRequest addHeader(String name, String value) {
        Http1RequestHead.checkField(name);
        headers = headers.withAdded(name, value);
        return this;
    }

    /** Sets the Authorization field to a name and password (RFC 7617), in UTF-8. */
    public ClientRequest basicAuth(String user, String password) {
        return header("Authorization", PasswordField.of(user, password));
    }

    /** Sets the Authorization field to a bearer token (RFC 6750); errors as {@link #header}. */
    public ClientRequest bearerAuth(String token) {
        return header("Authorization", "Bearer " + token);
    }

    /**
     * Answers for this request in the way of {@link Auth}, instead of that of the client. Only the origin of this
     * request's URL ever sees it; an Authorization field that is set as well comes first.
     */
    public ClientRequest auth(Auth auth) {
        options = options.withAuth(auth);
        return this;
    }

    /** Adds a parameter to the query of the URL, encoded as it must be. */
    public ClientRequest query(String name, String value) {
        char mark = url.target().indexOf('?') < 0 ? '?' : '&';
        String target = url.target() + mark + encoded(name) + "=" + encoded(value);
        url = new ClientUrl(url.origin(), target, url.hostField());
        return this;
    }

    /** Sends these bytes, which are copied. */
    public ClientRequest body(byte[] bytes) {
        body = new ClientBody.Bytes(bytes.clone());
        return this;
    }

    /** Sends this text as UTF-8; sets the Content-Type to plain text if there is none yet. */
    public ClientRequest body(String text) {
        body = new ClientBody.Bytes(text.getBytes(StandardCharsets.UTF_8));
        if (!headers.contains("Content-Type")) {
            headers = headers.with("Content-Type", "text/plain; charset=utf-8");
        }
        return this;
    }

    /**
     * Sends a file, read on worker threads. A file that changes its length meanwhile fails the request.
     *
     * @throws IOException if there is no such file, or it is no regular one
     */
    public ClientRequest body(Path file) throws IOException {
        body = ClientBody.of(file);
        return this;
    }

    /**
     * Sends what the stream still holds, in chunks, read on worker threads, and closes it. It can be sent only once. A
     * request that fails before it comes to the body leaves the stream open.
     */
    public ClientRequest body(InputStream source) {
        body = ClientBody.of(source);
        return this;
    }

    /**
     * Sends what the writer writes, in chunks. It runs in a task of its own and is called again if a redirect or a lost
     * connection makes it necessary to send the body once more, so it must write the same each time.
     */
    public ClientRequest body(BodyWriter writer) {
        body = new ClientBody.Written(writer, -1, true);
        return this;
    }

    /**
     * Sends what the writer writes, which can be written only once, such as a body that is passed on. It runs in a task
     * of its own, if the request comes to its body.
     *
     * @param length how many bytes there will be, or -1 for chunks, if only the end will tell
     */
    public ClientRequest bodyOnce(long length, BodyWriter writer) {
        Checks.atLeast("length", length, -1);
        body = new ClientBody.Written(Objects.requireNonNull(writer), length, false);
        return this;
    }

    /**
     * Sends fields behind the body, such as a checksum: what is known only when all is written (RFC 9110, section 6.5).
     * Servers may ignore them; a {@code Trailer} header can announce their names.
     *
     * <pre>{@code
     * var sum = new CRC32C();
     * http.request("PUT", url).body(out -> table.writeTo(new CheckedOutputStream(out, sum)))
     *         .trailers(() -> Headers.of("X-Crc32c", Long.toHexString(sum.getValue())))
     *         .send();
     * }</pre>
     *
     * @param trailers asked when the body has been written to its end, in its task, and again if it is written again.
     *     What it throws, or a field that has no place behind a body, such as Content-Type or Authorization, is a
     *     failure as one of the body's writer
     * @throws IllegalStateException if the body, which is set first, is not a written one of unknown length: of others
     *     all is known before
     */
    public ClientRequest trailers(Supplier<Headers> trailers) {
        if (!(body instanceof ClientBody.Written written) || written.length() >= 0) {
            throw new IllegalStateException("only a written body of unknown length has trailers; set headers");
        }
        body = new ClientBody.Written(written.writer(), -1, written.isRepeatable(), Objects.requireNonNull(trailers));
        return this;
    }

    /**
     * Says that fields behind the body of the reply are wanted ({@code TE: trailers}, RFC 9110, section 10.1.4): some
     * servers send them to nobody else, and those of gRPC insist on it. {@link Reply#trailers()} has them either way.
     */
    public ClientRequest acceptTrailers() {
        headers = headers.with("TE", "trailers").with("Connection", "TE");
        return this;
    }

    /**
     * Sends a form as {@code application/x-www-form-urlencoded}, in UTF-8.
     *
     * @param namesAndValues a name, its value, the next name, and so on; the same name may come again
     * @throws IllegalArgumentException if the count is odd
     */
    public ClientRequest form(String... namesAndValues) {
        body = ClientBody.of(Form.of(namesAndValues));
        headers = headers.with("Content-Type", BodyType.FORM);
        return this;
    }

    /** Sends a form as {@link #form(String...)}, in the order of the map. */
    public ClientRequest form(Map<String, String> fields) {
        var pairs = new ArrayList<String>(fields.size() * 2);
        fields.forEach((name, value) -> {
            pairs.add(name);
            pairs.add(value);
        });
        return form(pairs.toArray(String[]::new));
    }

    /**
     * Sends fields and files as {@code multipart/form-data}: {@code multipart(form -> form.field("a", "b").file("f",
     * path))}.
     *
     * @param parts called at once, adds the parts
     * @throws IOException if a file is not there
     */
    public ClientRequest multipart(Consumer<? super MultipartBody> parts) throws IOException {
        var collected = new MultipartBody();
        parts.accept(collected);
        String boundary = MultipartBody.newBoundary();
        body = collected.body(boundary);
        headers = headers.with("Content-Type", "multipart/form-data; boundary=" + boundary);
        return this;
    }

    /**
     * Sends a value as JSON, written now by the client's {@link JsonCodec}; a text is a document already. Sets the
     * Content-Type to {@code application/json} if there is none yet.
     *
     * @throws IllegalArgumentException if the value has no form in JSON
     * @throws IllegalStateException if the client has no codec
     */
    public ClientRequest json(Object value) {
        body = new ClientBody.Bytes(JsonCodecs.write(client.settings().json(), value));
        if (!headers.contains("Content-Type")) {
            headers = headers.with("Content-Type", "application/json");
        }
        return this;
    }

    /** Sends what a verb of the client is given. */
    ClientRequest of(Object content) {
        return switch (content) {
            case String text -> body(text);
            case byte[] bytes -> body(bytes);
            case InputStream stream -> body(stream);
            case Path file -> throw new IllegalArgumentException(
                    "a file is sent by request(\"" + method + "\", url).body(file), not " + file);
            default -> json(content);
        };
    }

    /** Lets the server say no before the body is sent: waits for its go-ahead (RFC 9110, section 10.1.1). */
    public ClientRequest expectContinue() {
        options = options.withExpectContinue();
        return this;
    }

    /**
     * Gives the reply as soon as its head is there, while the body is still written: both go on at the same time, as
     * in a stream of calls and answers. Without this {@link #send} waits until all is sent. The writer runs in a task
     * of the loop that belongs to the reply: closing the reply cancels it, and if it fails, who reads the reply gets
     * that failure. {@link Reply#awaitSent} waits for its end.
     *
     * <pre>{@code
     * try (Reply reply = http.request("POST", url).body(out -> {
     *     for (String question : questions) {               // a channel
     *         out.write(question.getBytes());
     *         out.flush();
     *     }
     * }).duplex().send()) {
     *     reply.copyTo(answers);
     * }
     * }</pre>
     *
     * <p>A reply that is no success, 300 and above, ends the writing as ever, before it is given. Needs a server that
     * answers before it has read all, best one of HTTP/2: over HTTP/1.1 many do not.
     *
     * <p>Cancellation: where {@code send} is cancelled, or fails, the writer has ended; a cancelled read closes the reply,
     * which cancels it.
     */
    public ClientRequest duplex() {
        options = options.withDuplex();
        return this;
    }

    /**
     * Says how soon the response is wanted among others to this client (RFC 9218): servers of HTTP/2 that heed it send the
     * most urgent first. Sets the Priority field, which gateways pass on.
     *
     * @param urgency 0 to 7, the most urgent first; 3 where nothing is said
     * @param incremental whether a part is of use before the rest has come, so that others may come at the same time; false
     *     where nothing is said
     */
    public ClientRequest priority(int urgency, boolean incremental) {
        Checks.inRange("urgency", urgency, 0, MAX_URGENCY);
        return header("Priority", "u=" + urgency + (incremental ? ", i" : ""));
    }

    /**
     * Has somebody hear of the interim responses to this request, such as the links of 103 Early Hints:
     *
     * <pre>{@code
     * http.request("GET", url).onInterim((status, fields) -> fields.all("Link").forEach(this::fetchSoon)).send();
     * }</pre>
     *
     * <p>Called for each but 100, in their order, before the reply is given, and in each try and behind each redirect. They
     * are at most {@link ClientLimits#maxInterimResponses()}, each as large as a head may be.
     */
    public ClientRequest onInterim(InterimListener listener) {
        options = options.withInterims(Objects.requireNonNull(listener));
        return this;
    }

    /** The time for all of it, to the last byte of the reply: {@link ClientTimeouts#total()} of this request. */
    public ClientRequest timeout(Duration total) {
        return timeouts(options.timeouts().withTotal(total));
    }

    /** How long this request waits; {@link ClientTimeouts#idle()} stays that of the client. */
    public ClientRequest timeouts(ClientTimeouts timeouts) {
        options = options.withTimeouts(timeouts);
        return this;
    }

    /**
     * How much this request follows and takes: redirects, interim responses and the sizes of bodies. The bounds of
     * connections and response heads stay those of the client.
     */
    public ClientRequest limits(ClientLimits limits) {
        options = options.withLimits(limits);
        return this;
    }

    /** Whether to ask for compressed bodies and decode them, or take them as they come. */
    public ClientRequest decodeBodies(boolean decode) {
        options = options.withDecode(decode);
        return this;
    }

    /** When this request is tried again, instead of what the client says. */
    public ClientRequest retries(RetryPolicy policy) {
        options = options.withRetries(policy);
        return this;
    }

    /**
     * Sends this request through this proxy, as {@link HttpClient.Builder#proxy(Proxy)} does with all; otherwise as the
     * other form.
     */
    public ClientRequest proxy(Proxy proxy) {
        return proxy(ProxySettings.of(proxy));
    }

    /**
     * Which proxies this request uses, instead of those of the client: to where its redirects lead, too. {@link
     * ProxySettings#NONE} is the straight way.
     *
     * @throws IllegalStateException if the client is one of a Unix socket
     */
    public ClientRequest proxy(ProxySettings settings) {
        if (client.settings().directOnly() && !settings.rules().isNone()) {
            throw new IllegalStateException("a client of a Unix socket has no proxies");
        }
        options = options.withProxies(settings.rules());
        return this;
    }

    /**
     * Whether redirects are followed or given to the caller like any reply. To another origin no {@code Authorization}
     * and no {@code Cookie} of the request goes along, but a field of one's own, such as {@code X-Api-Key}, does.
     */
    public ClientRequest followRedirects(boolean follow) {
        options = options.withFollow(follow);
        return this;
    }

    /**
     * Sends no field but those that are set on this request, and what HTTP itself needs: no {@code User-Agent}, {@code
     * Accept} and {@code Accept-Encoding}, and not what {@link HttpClient.Builder#header} says. For requests that are
     * somebody else's.
     */
    public ClientRequest withoutDefaultHeaders() {
        isBare = true;
        return this;
    }

    /**
     * Whether a server may have got something of this request by its last {@link #send}. False when that has failed
     * before a byte was sent: no server knows of it, so sending it anew, or elsewhere, has no effect twice. True if a
     * filter of the client has sent a copy.
     */
    public boolean isSent() {
        return isSent;
    }

    /**
     * Sends the request and waits for the head of the reply.
     *
     * <p>A request that has the same effect when it is sent twice is sent again, once, if a connection that was kept
     * from an earlier request turns out to be closed before any byte of the answer.
     *
     * <p>Cancellation: a cancelled call has closed its connection; the server may have got the request all the same.
     *
     * @throws ConnectFailedException if no connection can be made
     * @throws TlsException if TLS cannot be agreed on or the server is not who it must be
     * @throws BrokenException if the connection is lost; a {@link TruncatedException} inside the head
     * @throws BadReplyException if the answer cannot be trusted
     * @throws RedirectException if a redirect cannot be followed
     * @throws ProxyException if a proxy makes no connection
     * @throws DeadlineExceededException when the time is over, naming what did not come
     * @throws ClosedException if the client is closed
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public Reply send() {
        isSent = true;
        return client.chain().send(this);
    }

    /** Says how far the last call has come. */
    void cameTo(boolean sent) {
        isSent = sent;
    }

    // ---- for the call ----

    HttpClient client() {
        return client;
    }

    CallOptions options() {
        return options;
    }

    RequestHop hop() {
        return new RequestHop(method, url, headers, body, options.auth(), List.of(), isBare);
    }

    /** The same request once more, to be changed without this one. */
    ClientRequest copy() {
        return new ClientRequest(this);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Method and URL, without what may be secret. */
    @Override
    public String toString() {
        return method + " " + url.forLog();
    }
}
