package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.TlsException;
import dev.heddle.net.TruncatedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;

/**
 * A request in the making: set what is to be sent, then {@link #send()}. May be sent again, one after the other.
 *
 * <p>All that a caller sets is checked at once, so a request that exists cannot say anything else than it seems to: no line
 * end or other control character gets into the head.
 *
 * <p>Threads: one task, of the client's loop.
 */
public final class ClientRequest {

    private final HttpClient client;
    private final String method;
    private ClientUrl url;
    private Headers headers = Headers.EMPTY;
    private ClientBody body = ClientBody.NONE;
    private ClientTimeouts timeouts;
    private boolean followRedirects;
    private boolean expectContinue;

    ClientRequest(HttpClient client, String method, String url) {
        if (!FieldSyntax.isToken(method)) {
            throw new IllegalArgumentException("not a method: " + FieldSyntax.printable(method));
        }
        if (method.equals("CONNECT")) {
            throw new IllegalArgumentException("CONNECT makes a tunnel, which this client does not");
        }
        this.client = client;
        this.method = method;
        this.url = ClientUrl.parse(url);
        this.timeouts = client.timeouts();
        this.followRedirects = client.followsRedirects();
    }

    /**
     * Sets a header field; a field of this name that was set before goes away.
     *
     * @throws IllegalArgumentException if the name is no token, the value has a forbidden character, or the field is one that
     *     the client sets itself, such as Content-Length
     */
    public ClientRequest header(String name, String value) {
        ClientHead.checkField(name);
        headers = headers.with(name, value);
        return this;
    }

    /** Adds a header field beside those of the same name; throws as {@link #header} does. */
    public ClientRequest addHeader(String name, String value) {
        ClientHead.checkField(name);
        headers = headers.withAdded(name, value);
        return this;
    }

    /** Sets the Authorization field to a name and password (RFC 7617), in UTF-8. */
    public ClientRequest basicAuth(String user, String password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a user name for basic authentication has no colon");
        }
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
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
     * @throws IOException if there is no such file
     */
    public ClientRequest body(Path file) throws IOException {
        body = ClientBody.of(file);
        return this;
    }

    /** Sends what the stream still holds, in chunks, read on worker threads, and closes it. It can be sent only once. */
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

    /** Lets the server say no before the body is sent: waits for its go-ahead (RFC 9110, section 10.1.1). */
    public ClientRequest expectContinue() {
        expectContinue = true;
        return this;
    }

    /** The time for all of it, to the last byte of the reply: {@link ClientTimeouts#total()} of this request. */
    public ClientRequest timeout(Duration total) {
        timeouts = timeouts.withTotal(total);
        return this;
    }

    /** Whether redirects are followed or given to the caller like any reply. */
    public ClientRequest followRedirects(boolean follow) {
        followRedirects = follow;
        return this;
    }

    /**
     * Sends the request and waits for the head of the reply.
     *
     * <p>A request that has the same effect when it is sent twice is sent again, once, if a connection that was kept from an
     * earlier request turns out to be closed before any byte of the answer.
     *
     * <p>Cancellation: a cancelled call has closed its connection; the server may have got the request all the same.
     *
     * @throws ConnectFailedException if no connection can be made
     * @throws TlsException if TLS cannot be agreed on or the server is not who it must be
     * @throws BrokenException if the connection is lost; a {@link TruncatedException} inside the head
     * @throws BadReplyException if the answer cannot be trusted
     * @throws RedirectException if a redirect cannot be followed
     * @throws DeadlineExceededException when the time is over, naming what did not come
     * @throws ClosedException if the client is closed
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public Reply send() {
        return client.send(new ClientHop(method, url, headers, body), timeouts, followRedirects, expectContinue);
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
