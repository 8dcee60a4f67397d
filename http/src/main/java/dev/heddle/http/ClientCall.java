package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;

import dev.heddle.Heddle;
import dev.heddle.http.ClientClock.Phase;
import dev.heddle.http.ClientUrl.Origin;
import dev.heddle.net.ByteStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link ClientRequest#send()}: its redirects, and for each of them a connection, the request and the head of
 * the answer. Owned by the calling task.
 *
 * <pre>
 *   acquire ──▶ connect if new ──▶ send ──▶ head ──▶ reply, or the next hop
 *                    ▲                       │
 *                    └── once, if a kept connection was closed before the answer
 * </pre>
 */
final class ClientCall implements CancelScope.Body<Reply> {

    /** Bodies up to this size go out with the head in one write, before anything is read. */
    private static final int SMALL_BODY_BYTES = 16 * 1024;

    /** A body of a known length up to this, and come with its head, is kept in memory: its connection is free at once. */
    private static final int EARLY_BODY_BYTES = 16 * 1024;

    private final HttpClient client;
    private final Pool pool;
    private final ClientClock clock;
    private final boolean follow;
    private final boolean expectContinue;
    private ClientHop hop;

    ClientCall(HttpClient client, Pool pool, ClientHop hop, ClientClock clock, boolean follow, boolean expectContinue) {
        this.client = client;
        this.pool = pool;
        this.clock = clock;
        this.follow = follow;
        this.expectContinue = expectContinue;
        this.hop = hop;
    }

    Reply run() {
        return clock.within(Phase.POOL, this, this);
    }

    @Override
    public Reply run(CancelScope scope) {
        Reply reply = exchange(List.of());
        if (!follow || !Redirect.isRedirect(reply.status())) {
            return reply;
        }
        List<URI> trail = new ArrayList<>();
        Set<String> visited = new HashSet<>();
        while (Redirect.isRedirect(reply.status())) {
            visited.add(hop.method() + " " + hop.url());
            trail.add(hop.url().toUri());
            hop = next(reply, trail.size(), visited);
            clock.enter(Phase.POOL);
            reply = exchange(List.copyOf(trail));
        }
        return reply;
    }

    private ClientHop next(Reply reply, int count, Set<String> visited) {
        try (reply) {
            if (count > client.limits().maxRedirects()) {
                throw new RedirectException(hop + ": more than " + client.limits().maxRedirects() + " redirects");
            }
            ClientHop next = Redirect.next(hop, reply.status(), reply.headers());
            if (visited.contains(next.method() + " " + next.url())) {
                throw new RedirectException(hop + ": the redirects lead in a circle, back to " + next.url().forLog());
            }
            return next;
        }
    }

    private Reply exchange(List<URI> trail) {
        ClientConnection connection = answered();
        return reply(connection.parser(), body(connection), trail);
    }

    /** A connection with the head of the answer read. */
    private ClientConnection answered() {
        ClientConnection connection = pool.acquire(hop.url().origin());
        boolean answered = false;
        try {
            while (!attempt(connection)) {
                connection = pool.renew(connection);
            }
            answered = true;
            return connection;
        } catch (BadReplyException | BrokenException e) {
            throw ClientErrors.named(this, e);
        } finally {
            if (!answered) {
                pool.release(connection, false);
            }
        }
    }

    /**
     * Sends the request and reads the head of its answer.
     *
     * @return false if the connection turned out to be stale, so that another try is safe
     */
    private boolean attempt(ClientConnection connection) {
        if (!connection.isConnected()) {
            connection.connected(connect(hop.url().origin()));
        }
        connection.begin();
        connection.beginHead(hop.isHead());
        try {
            send(connection);
            return true;
        } catch (BrokenException e) {
            if (connection.isReused() && !connection.isAnswered() && hop.mayBeRepeated()) {
                return false;
            }
            throw e;
        }
    }

    private ByteStream connect(Origin origin) {
        clock.enter(Phase.CONNECT);
        ByteStream plain = client.connector().connect(origin.host(), origin.port());
        if (!origin.tls()) {
            return plain;
        }
        clock.enter(Phase.TLS);
        return client.tls().connect(plain, origin);
    }

    private void send(ClientConnection connection) {
        ClientHead writer = client.head();
        ClientBody body = hop.body();
        boolean asks = expectContinue && body.length() != 0;
        byte[] small = body instanceof ClientBody.Bytes memory && memory.bytes().length <= SMALL_BODY_BYTES && !asks
                ? memory.bytes()
                : null;
        ByteBuffer out = client.buffers().take(writer.room(hop) + (small == null ? 0 : small.length));
        try {
            writer.write(out, hop, asks);
            if (small != null) {
                out.put(small);
            }
            out.flip();
            if (small != null || body instanceof ClientBody.None) {
                clock.enter(Phase.SEND);
                connection.stream().write(out);
                clock.enter(Phase.HEAD);
                awaitFinalHead(connection);
            } else if (!asks) {
                new ClientUpload(connection, clock, body).run(out, () -> awaitFinalHead(connection));
            } else {
                connection.stream().write(out);
                sendIfWelcome(connection, body);
            }
        } finally {
            client.buffers().give(out);
        }
    }

    private void sendIfWelcome(ClientConnection connection, ClientBody body) {
        int status = Heddle.moveOnAfter(clock.continueWait(), () -> awaitGoAhead(connection)).orElse(100);
        if (status >= 200) {
            // The head promised a body that now never comes, so nothing can follow on this connection.
            connection.spoil();
            return;
        }
        new ClientUpload(connection, clock, body).run(ByteBuffer.allocate(0), () -> awaitFinalHead(connection));
    }

    /** The status 100, or that of an answer which makes the body needless. */
    private int awaitGoAhead(ClientConnection connection) {
        while (true) {
            connection.readHead(clock);
            int status = connection.parser().status();
            if (status >= 200) {
                return status;
            }
            passInterim(connection, status);
            if (status == 100) {
                return status;
            }
        }
    }

    private int awaitFinalHead(ClientConnection connection) {
        while (true) {
            if (!connection.parser().isHeadDone()) {
                connection.readHead(clock);
            }
            int status = connection.parser().status();
            if (status >= 200) {
                return status;
            }
            passInterim(connection, status);
        }
    }

    private void passInterim(ClientConnection connection, int status) {
        if (status == 101) {
            throw new BadReplyException("the server switches protocols, which nobody asked it to");
        }
        if (connection.countInterim() > client.limits().maxInterimResponses()) {
            throw new BadReplyException("more than " + client.limits().maxInterimResponses() + " interim responses");
        }
        connection.beginHead(hop.isHead());
    }

    /** The body, with its connection given back already if it has come whole. */
    private ReplyBody body(ClientConnection connection) {
        ReplyParser parser = connection.parser();
        if (parser.isComplete()) {
            pool.release(connection, connection.isReusable());
            return ReplyBody.empty();
        }
        var wire = new WireBody(connection, pool, clock, this);
        long length = parser.length();
        if (length < 0 || length > EARLY_BODY_BYTES || length > connection.stream().buffered().remaining()) {
            return wire;
        }
        byte[] bytes = new byte[(int) length];
        for (int size = 0; size < bytes.length;) {
            size += wire.read(bytes, size, bytes.length - size);
        }
        return new ReplyBody.InMemory(bytes);
    }

    private Reply reply(ReplyParser parser, ReplyBody body, List<URI> trail) {
        String coding = body.length() == 0 ? null : coding(parser);
        ReplyBody plain = body;
        if (coding != null && client.decodes() && !hop.headers().contains("Accept-Encoding")
                && InflatingBody.knows(coding)) {
            plain = InflatingBody.of(body, coding, client.limits().maxDecodedBytes(), this);
            coding = null;
        }
        return new Reply(this, parser, hop.url(), trail, client.limits().maxBodyBytes(), plain, coding);
    }

    private static @Nullable String coding(ReplyParser parser) {
        Headers headers = parser.headers();
        int count = headers.count("Content-Encoding");
        if (count == 0) {
            return null;
        }
        String coding = count == 1
                ? headers.first("Content-Encoding")
                : String.join(", ", headers.all("Content-Encoding"));
        return coding == null || coding.isEmpty() || coding.equalsIgnoreCase("identity") ? null : coding;
    }

    /** The request as errors name it. */
    @Override
    public String toString() {
        return hop.toString();
    }
}
