package dev.heddle.http3.internal;

import dev.heddle.ClosedException;
import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.ParkingLot;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.BufferStack;
import dev.heddle.http.internal.codec.PeerLog;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Budgets;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.http.internal.http2.Http2Priorities;
import dev.heddle.http.internal.http2.Http2Priority;
import dev.heddle.http.internal.server.ConnectionAge;
import dev.heddle.http.internal.server.ConnectionLimits;
import dev.heddle.http.internal.server.ServerConnection;
import dev.heddle.http.internal.server.ServerLoop;
import dev.heddle.http.internal.server.ServerMeter;
import dev.heddle.http.internal.server.StreamAnswerer;
import dev.heddle.http.internal.server.StreamRequestHead;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.io.ByteStream;
import dev.heddle.quic.internal.Conversation;
import dev.heddle.quic.internal.QuicStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server-side connection of HTTP/3: each stream is a request, answered by its handler in a task of its own.
 *
 * <pre>
 *   OPEN ──drain()──▶ ANNOUNCED ──two round trips──▶ DRAINING ──last request──▶ closed
 * </pre>
 *
 * <p>ANNOUNCED has sent GOAWAY with the highest number there is and still takes what was under way; DRAINING has sent the
 * first stream that does not count (RFC 9114, section 5.2), and rejects it and those behind it. Requests before it may
 * still come, whose first datagrams were lost.
 *
 * <p>A handler keeps its place until it returns, also if the peer has reset the stream; while all are taken no further
 * stream is accepted. So resetting is no way to have more of them at work.
 */
final class Http3ServerConnection extends ServerConnection {

    /** Numbers of streams of a client are so far apart (RFC 9000, section 2.1). */
    private static final int STEP = 4;

    /** More than one stream can have: in the first GOAWAY. */
    private static final long NO_STREAM = (1L << 62) - 4;

    /** How long requests may at least and at most be on their way that were sent before the first GOAWAY came. */
    private static final Duration MIN_ANNOUNCE = Duration.ofMillis(10);

    private static final Duration MAX_ANNOUNCE = Duration.ofSeconds(1);

    /** How long a request may be missing that was sent before others that have come. */
    private static final Duration MAX_MISSING = Duration.ofSeconds(5);

    /** So often in the time of an idle connection it is looked at, and its peer kept from taking this end for gone. */
    private static final int TICKS = 3;

    private enum Phase {
        OPEN, ANNOUNCED, DRAINING
    }

    private final ServerLoop server;
    private final Loop loop;
    private final Conversation conversation;
    private final ControlStreams control;
    private final ConnectionLimits limits;
    private final StreamAnswerer answerer;
    private final ConnectionAge age;
    private final ByteStream face;
    private final QpackReader qpack = new QpackReader();
    private final Http2Fields fields;
    private final Http2Priorities priorities = new Http2Priorities();
    private final Http2Budgets budgets;
    private final int maxStreams;
    private final ParkingLot places = new ParkingLot("the end of a request, since as many as may be are under way");

    /** The requests under way in the order in which they came, with what there is to see of each. */
    private final Map<Http3Exchange, Work> working = new LinkedHashMap<>();

    private Phase phase = Phase.OPEN;
    /** The first stream that has not come, nor any behind it; and how many of those before it have. */
    private long nextStream;

    private long came;
    private boolean waitsForMissing = true;
    private long idleSince;
    private @Nullable Handle tick;

    private record Work(@Nullable Task<?> task, long sinceNanos) {}

    Http3ServerConnection(ServerLoop server, Conversation conversation, Http2Limits streams) {
        this.server = server;
        this.loop = server.loop();
        this.conversation = conversation;
        this.limits = server.limits();
        this.maxStreams = streams.maxStreams();
        this.budgets = new Http2Budgets(loop, streams);
        this.answerer = new StreamAnswerer(server);
        this.age = new ConnectionAge(server);
        this.face = new ByteStream(new ConnectionFace(conversation));
        this.fields = new Http2Fields(limits.head().maxHeaderBytes(), limits.head().maxHeaderCount());
        this.control = ControlStreams.begin(conversation, true, limits.head().maxHeaderBytes(), new OfClient());
        this.idleSince = loop.nanoTime();
    }

    /** What the client says on its control stream; that it goes means nothing here. */
    private final class OfClient implements ControlStreams.Listener {

        @Override
        public void goAway(long id) {
            // Nothing is pushed.
        }

        @Override
        public void ignored() {
            spend(Http2Budgets.Kind.IGNORED);
        }

        @Override
        public void prioritize(long id, String value) {
            spend(Http2Budgets.Kind.PRIORITY);
            for (Http3Exchange each : working.keySet()) {
                if (each.stream().transport().id() == id && each.hasAsked()) {
                    each.ask(priorities.updated(value));
                    return;
                }
            }
            priorities.keepLast(id, value, maxStreams);
        }
    }

    // ---- for its requests ----

    ByteStream face() {
        return face;
    }

    BufferStack buffers() {
        return server.frameBuffers();
    }

    /** Memory for one header block at a time. */
    Http2Fields fields() {
        return fields;
    }

    TransferLimit newLimit() {
        return limits.transfer();
    }

    /** A stream is at fault: says so to the peer, which may have only so many that end like that. */
    void answer(Http3Stream stream, Http3Fault fault) {
        stream.answer(fault);
        spend(Http2Budgets.Kind.RESET);
    }

    /** The peer has reset the stream of a request, or wants no answer to it any more. */
    void givenUp() {
        spend(Http2Budgets.Kind.RESET);
    }

    /** Counts what costs work and moves no request on; with too many the connection ends, which is told once. */
    private void spend(Http2Budgets.Kind kind) {
        String excess = budgets.excess(kind);
        if (excess != null && conversation.isOpen()) {
            var fault = Http3Fault.ofConnection(Http3Error.EXCESSIVE_LOAD, excess);
            PeerLog.lost(this, fault);
            conversation.abort(fault.error().code(), excess);
        }
    }

    void finished(Http3Exchange exchange) {
        working.remove(exchange);
        places.unpark(1);
        idleSince = loop.nanoTime();
        closeIfDrained();
    }

    // ---- its life ----

    @Override
    protected @Nullable ServerConnection serve() {
        rearm();
        try {
            Heddle.group(this::acceptAll);
        } finally {
            if (tick != null) {
                tick.cancel();
            }
            conversation.close();
        }
        return null;
    }

    private void acceptAll(TaskGroup group) {
        try {
            while (true) {
                while (working.size() >= maxStreams) {
                    places.park();
                }
                accepted(group, conversation.streams().accept());
            }
        } catch (ClosedException e) {
            // The connection has ended, by either side.
        }
    }

    private void accepted(TaskGroup group, QuicStream opened) {
        if (phase == Phase.DRAINING && opened.id() >= nextStream) {
            opened.abort(Http3Error.REQUEST_REJECTED.code());
            return;
        }
        nextStream = Math.max(nextStream, opened.id() + STEP);
        came++;
        age.addRequest();
        if (age.isOver()) {
            drain();
        }
        var stream = new Http3Stream(opened, loop, qpack, server.frameBuffers(), 2 * limits.head().maxHeaderBytes());
        var exchange = new Http3Exchange(this, stream, limits.transfer());
        working.put(exchange, new Work(null, server.coarseNanos()));
        begin(group, exchange);
    }

    /** Begins what can be begun at once, so that its task has the request for a name; otherwise the task waits for it. */
    private void begin(TaskGroup group, Http3Exchange exchange) {
        Http3Stream stream = exchange.stream();
        Runnable answer;
        String name;
        try {
            if (stream.tryHead(fields)) {
                Begun begun = begun(exchange);
                answer = begun.answer;
                name = begun.name;
            } else {
                name = "request on " + stream;
                answer = () -> readAndAnswer(exchange);
            }
        } catch (Http3Fault fault) {
            answer(stream, fault);
            exchange.finish(false);
            return;
        } catch (ClosedException gone) {
            PeerLog.lost(stream, gone);
            exchange.finish(false);
            return;
        }
        boolean spawned = false;
        try {
            Task<Void> task = group.spawn(name, answer::run);
            working.replace(exchange, new Work(task, server.coarseNanos()));
            spawned = true;
        } finally {
            if (!spawned) {
                exchange.finish(true);
            }
        }
    }

    private void readAndAnswer(Http3Exchange exchange) {
        boolean begun = false;
        try {
            if (!exchange.stream().readHead(fields, limits.headTime())) {
                throw Http3Fault.ofStream(Http3Error.REQUEST_INCOMPLETE, "its head takes too long");
            }
            Runnable answer = begun(exchange).answer;
            begun = true;
            answer.run();
        } catch (Http3Fault fault) {
            answer(exchange.stream(), fault);
        } catch (ClosedException gone) {
            PeerLog.lost(exchange, gone);
        } finally {
            if (!begun) {
                exchange.finish(false);
            }
        }
    }

    private record Begun(String name, Runnable answer) {}

    /** A head has come: what is to be done with it. */
    private Begun begun(Http3Exchange exchange) {
        exchange.stream().beginBody(fields.contentLength());
        long id = exchange.stream().transport().id();
        exchange.ask(priorities.opened(id, fields.headers(), Http2Priority.DEFAULT));
        boolean end = exchange.stream().hasEnded();
        String malformed = StreamRequestHead.malformed(fields, end);
        if (malformed != null) {
            throw Http3Fault.ofStream(Http3Error.MESSAGE_ERROR, "malformed request: " + malformed);
        }
        RequestHead head;
        try {
            head = StreamRequestHead.of(fields, limits.head().maxStartLine(), end, Protocol.HTTP_3);
        } catch (StatusException bad) {
            ServerMeter.Begun counted = answerer.begun(null, exchange);
            boolean bodyless = "HEAD".equals(fields.method());
            return new Begun("bad request on " + exchange,
                    () -> answerer.answerBad(exchange, bad, bodyless, counted));
        }
        ServerMeter.Begun counted = answerer.begun(head, exchange);
        return new Begun(StreamAnswerer.name(head), () -> answerer.answer(exchange, head, counted));
    }

    /** Takes no more requests but those that are under way. */
    void drain() {
        if (phase == Phase.OPEN) {
            phase = Phase.ANNOUNCED;
            control.sendGoAway(NO_STREAM);
            Duration crossing = conversation.roundTrip().multipliedBy(2);
            Duration wait = crossing.compareTo(MIN_ANNOUNCE) < 0
                    ? MIN_ANNOUNCE
                    : crossing.compareTo(MAX_ANNOUNCE) > 0 ? MAX_ANNOUNCE : crossing;
            Handle _ = loop.callLater(wait, () -> {
                phase = Phase.DRAINING;
                control.sendGoAway(nextStream);
                closeIfDrained();
                if (isMissingSome()) {
                    Handle _ = loop.callLater(MAX_MISSING, () -> {
                        waitsForMissing = false;
                        closeIfDrained();
                    });
                }
            });
        }
    }

    private void closeIfDrained() {
        if (phase == Phase.DRAINING && working.isEmpty() && !(waitsForMissing && isMissingSome())) {
            conversation.close();
        }
    }

    private boolean isMissingSome() {
        return came < nextStream / STEP;
    }

    private void rearm() {
        tick = loop.callLater(limits.idleTime().dividedBy(TICKS), this::look);
    }

    private void look() {
        if (!working.isEmpty()) {
            conversation.ping();
        } else if (loop.nanoTime() - idleSince >= limits.idleTime().toNanos()) {
            drain();
        }
        if (conversation.isOpen()) {
            rearm();
        }
    }

    @Override
    public String toString() {
        return "HTTP/3 from " + face.remoteAddress();
    }

    @Override
    protected void closeIfIdle() {
        drain();
        answerer.stopping();
    }

    @Override
    protected void abort() {
        conversation.abort(Http3Error.NO_ERROR.code(), "");
    }

    @Override
    protected ConnectionSight sight() {
        long now = loop.nanoTime();
        List<ConnectionSight.Held> streams = working.entrySet().stream()
                .map(each -> new ConnectionSight.Held(each.getKey().toString(), each.getValue().task,
                        now - each.getValue().sinceNanos))
                .toList();
        return new ConnectionSight(null, face.remoteAddress(), "HTTP/3", streams.isEmpty() ? "idle" : "exchange", null,
                age.nanos(), conversation.traffic(), -1, streams);
    }
}
