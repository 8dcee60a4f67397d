package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.LingeringClose;
import dev.heddle.http.internal.codec.PeerLog;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.RequestParser;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.StreamSight;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server-side connection of HTTP/1.1, from its first byte to its close: the loop over its requests.
 *
 * <pre>
 *   IDLE ──first byte──▶ HEAD ──complete──▶ EXCHANGE ──KEEP──▶ IDLE
 *    │                    │ bad, late          ├─CLOSE──▶ closed
 *    │                    ▼                    ├─LINGER──▶ CLOSING ──the peer ends──▶ closed
 *    │                 REFUSAL ──4xx──▶ UNREAD ◀─LINGER_UNREAD ─┤    (UNREAD as CLOSING)
 *    │                    │ late               ├─CUT──▶ aborted
 *    └─ late: closed      └──▶ aborted         └─SWITCH──▶ SWITCHED ──▶ closed
 * </pre>
 *
 * <p>An exchange that is late with its request is answered 408 and goes on as after LINGER_UNREAD; with its response,
 * as after CUT.
 *
 * <p>One scope spans the whole life, and its deadline is moved from phase to phase; a peer that is late in any of them
 * cuts the scope off, and with it the handler. Requests that come ahead of their turn stay in the stream: nothing is
 * read while a handler runs, so the system's own flow control holds the peer back.
 */
final class Http1ServerConnection extends ServerConnection {

    private enum Phase {
        IDLE,
        HEAD,
        EXCHANGE,
        REFUSAL,
        CLOSING,
        UNREAD,
        SWITCHED
    }

    private final ServerLoop loop;
    private final ConnectionLimits limits;
    private final TimedStream timed;
    private final ByteStream stream;
    private final Http1ResponseSender sender;
    private final ConnectionAge age;
    private final @Nullable Task<?> task = Task.ofThread(Thread.currentThread()).orElse(null);
    private Phase phase = Phase.IDLE;

    /** The request under way. */
    private @Nullable Http1ServerExchange exchange;

    /** When it began, or the last one did. */
    private long requestNanos;

    /** What speaks on this connection now in place of HTTP/1. */
    private @Nullable ProtocolSwitch successor;

    Http1ServerConnection(ServerLoop loop, ByteStream bare) {
        this.loop = loop;
        this.limits = loop.limits();
        this.timed = new TimedStream(loop, bare);
        this.stream = timed.stream();
        this.sender = new Http1ResponseSender(loop, timed);
        this.age = new ConnectionAge(loop);
    }

    @Override
    protected @Nullable ServerConnection serve() {
        boolean clean = false;
        ServerConnection next = null;
        try {
            Optional<Http1Verdict> inTime = CancelScope.open(opened -> {
                timed.scope(opened);
                return serveRequests();
            });
            timed.scope(null);
            Http1Verdict last = inTime.isPresent() ? inTime.get() : late();
            if (last == Http1Verdict.LINGER || last == Http1Verdict.LINGER_UNREAD) {
                linger(last == Http1Verdict.LINGER_UNREAD);
            }
            if (last == Http1Verdict.HTTP_2) {
                next = new Http2ServerConnection(loop, stream, age);
            }
            clean = last != Http1Verdict.CUT && timed.held().isEmpty();
        } catch (ClosedException | BrokenException gone) {
            PeerLog.lost(this, gone);
        } finally {
            timed.held().drop();
            if (exchange != null) {
                exchange.count();
            }
            if (next == null) {
                close(clean);
            }
        }
        return next;
    }

    private void close(boolean clean) {
        if (clean) {
            stream.close();
        } else {
            stream.abort();
        }
    }

    // ---- the requests ----

    /** Serves until the connection is to end, and says how. */
    private Http1Verdict serveRequests() throws Exception {
        if (loop.settings().http2() != null && timed.takePreface(limits.idleTime())) {
            return Http1Verdict.HTTP_2;
        }
        CancelScope.throwIfCancelled();
        Http1Verdict verdict = Http1Verdict.KEEP;
        while (verdict == Http1Verdict.KEEP) {
            RequestHead head;
            try {
                head = readHead();
            } catch (StatusException bad) {
                // Nobody knows where the next request would begin.
                phase = Phase.REFUSAL;
                refuse(bad);
                return Http1Verdict.LINGER_UNREAD;
            }
            verdict = head == null ? Http1Verdict.CLOSE : answer(head);
        }
        return verdict;
    }

    private Http1Verdict answer(RequestHead head) {
        phase = Phase.EXCHANGE;
        age.addRequest();
        requestNanos = loop.coarseNanos();
        var now = new Http1ServerExchange(loop, head, timed, sender, age);
        exchange = now;
        ScopedValue.Carrier scopes = RequestScopes.of(loop.settings(), head, stream);
        return scopes == null ? answer(now) : scopes.call(() -> answer(now));
    }

    private Http1Verdict answer(Http1ServerExchange now) {
        List<Task<?>> before = Heddle.currentTask().owned();
        boolean ends = true;
        Http1Verdict verdict;
        try {
            verdict = now.run();
            ends = verdict != Http1Verdict.SWITCH;
        } finally {
            if (ends) {
                loop.endSpawned(before);
            }
        }
        exchange = null;
        if (verdict == Http1Verdict.SWITCH) {
            switchTo(now.successor());
        }
        return verdict;
    }

    /** Lets another protocol have the connection until it ends. */
    private void switchTo(ProtocolSwitch next) {
        phase = Phase.SWITCHED;
        successor = next;
        if (loop.isStopping()) {
            next.stopping();
        }
        next.run(stream);
    }

    /** Answers a request that could not even be read. */
    private void refuse(StatusException bad) {
        ServerMeter.Begun begun = loop.meter().begun(null, stream);
        sender.begin();
        try {
            sender.sendError(bad, false);
        } finally {
            loop.meter().ended(null, stream, null, sender.status(), sender.bodyBytes(), begun);
        }
    }

    // ---- heads ----

    /** The next head; null if the connection is to end. */
    private @Nullable RequestHead readHead() {
        ByteBuffer in = stream.buffered();
        phase = in.hasRemaining() ? Phase.HEAD : Phase.IDLE;
        if (phase == Phase.IDLE) {
            in = timed.fill(loop.isStopping() ? ServerLoop.LAST_LOOK : limits.idleTime());
            if (!in.hasRemaining()) {
                return null;
            }
        }
        // What came as the time ran out finds a connection that is closed: not one that came too slowly.
        CancelScope.throwIfCancelled();
        phase = Phase.HEAD;
        return parseHead(in);
    }

    private RequestHead parseHead(ByteBuffer in) {
        RequestParser parser = loop.takeParser();
        RequestHead head = parser.parseHead(in);
        if (head == null) {
            head = readRestOfHead(parser);
        }
        loop.giveParser(parser);
        timed.giveBack();
        return head;
    }

    private RequestHead readRestOfHead(RequestParser parser) {
        timed.flush();
        long start = loop.nanoTime();
        var limit = limits.headTransfer();
        while (true) {
            Duration left = limit.allowance(0);
            Duration leftAtMost = limits.maxHeadTime().minusNanos(loop.nanoTime() - start);
            long before = loop.nanoTime();
            ByteBuffer in = timed.fill(left.compareTo(leftAtMost) < 0 ? left : leftAtMost);
            if (!in.hasRemaining()) {
                throw new StatusException(400, "the request ends in its head");
            }
            limit.waited(loop.nanoTime() - before);
            limit.moved(in.remaining());
            RequestHead head = parser.parseHead(in);
            if (head != null) {
                // It may have come at the moment when it was too late: a handler must not begin only to be cut off.
                CancelScope.throwIfCancelled();
                return head;
            }
        }
    }

    // ---- the end ----

    /** The peer was late and the scope is gone: what becomes of the connection. */
    private Http1Verdict late() {
        Http1ServerExchange now = exchange;
        if (phase == Phase.HEAD || (now != null && now.isInHandler())) {
            phase = Phase.REFUSAL;
            var bad = new StatusException(408, "the request came too slowly");
            boolean told = Heddle.moveOnAfter(limits.lingerTime(), () -> {
                if (now == null) {
                    refuse(bad);
                } else {
                    now.refuse(bad);
                }
            });
            return told ? Http1Verdict.LINGER_UNREAD : Http1Verdict.CUT;
        }
        boolean midway = phase == Phase.REFUSAL || (now != null && !now.isAnswered());
        return midway ? Http1Verdict.CUT : Http1Verdict.CLOSE;
    }

    /** Gives the last response time to arrive. */
    private void linger(boolean unread) {
        phase = unread ? Phase.UNREAD : Phase.CLOSING;
        if (loop.isStopping() && !unread) {
            stream.closeOutput();
            return;
        }
        Heddle.moveOnAfter(limits.lingerTime(), () -> LingeringClose.run(stream, limits.maxDrainBytes()));
    }

    @Override
    protected void closeIfIdle() {
        switch (phase) {
            case IDLE, CLOSING -> closeIfSent();
            case EXCHANGE -> {
                if (exchange != null && exchange.isAnswered()) {
                    closeIfSent();
                }
            }
            case SWITCHED -> {
                if (successor != null) {
                    successor.stopping();
                }
            }
            // A close would destroy the last response on its way.
            case HEAD, REFUSAL, UNREAD -> {}
        }
    }

    /** Closes, but not before the peer has taken what is held: a close would destroy that on its way. */
    private void closeIfSent() {
        if (timed.held().isEmpty()) {
            stream.close();
        }
    }

    @Override
    protected ConnectionSight sight() {
        return new ConnectionSight(
                null,
                stream.remoteAddress(),
                successor == null ? "HTTP/1.1" : successor.protocol(),
                successor == null ? phase.name().toLowerCase(Locale.ROOT) : successor.phase(),
                request(),
                age.nanos(),
                StreamSight.of(stream),
                timed.nanosLeft(),
                List.of());
    }

    private ConnectionSight.@Nullable Held request() {
        String label = exchange != null ? exchange.label() : successor == null ? null : successor.label();
        return label == null ? null : new ConnectionSight.Held(label, task, loop.nanoTime() - requestNanos);
    }

    @Override
    protected void abort() {
        stream.abort();
    }

    @Override
    public String toString() {
        return "HTTP connection from " + stream.remoteAddress() + ", " + phase;
    }
}
