package dev.heddle.http.internal.client.connection;

import dev.heddle.CancelScope;
import dev.heddle.engine.GatheringEngine;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.ClientOptions;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Connection;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.http.internal.http2.Http2Options;
import dev.heddle.http.internal.http2.Http2Role;
import dev.heddle.http.internal.http2.Http2Stream;
import dev.heddle.http.internal.http2.Http2Streams;
import dev.heddle.http.internal.http2.Http2Tunnel;
import dev.heddle.http.internal.http2.Http2Writer;
import dev.heddle.internal.Durations;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.StreamSight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection of HTTP/2. */
public final class Http2ClientConnection extends ClientSession implements Http2Role {

    /** The server gets this long to read our goodbye. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** So many requests at once have their answers gathered. */
    private static final int MIN_GATHERED = 16;

    /** For so long for each of them, which is less than a server needs for it, and at most. */
    private static final long GATHER_NANOS = 1_000;

    private static final long MAX_GATHER_NANOS = 100_000;

    private final Http2Connection connection;
    private final int maxStreams;
    private final @Nullable GatheringEngine gathering;
    private boolean ended;

    /** Whether what was read last has brought the head of an answer. */
    private boolean answersCome;

    /**
     * @param stream leads to a server that speaks HTTP/2
     */
    Http2ClientConnection(
            HostPool host, ClientOptions options, ClientLoop place, Http2Limits limits, ByteStream stream) {
        super(host, place);
        this.maxStreams = limits.maxStreams();
        this.connection = new Http2Connection(
                loop, stream, place.frameBuffers(), optionsOf(options.call(), limits), this);
        this.gathering = loop.engine() instanceof GatheringEngine able ? able : null;
    }

    private static Http2Options optionsOf(CallOptions call, Http2Limits limits) {
        Duration read = bounded(call.timeouts().read());
        return new Http2Options(limits, call.limits().maxHeadBytes(), call.limits().maxFields(), read, read, 1, read,
                bounded(call.timeouts().idle()), LINGER);
    }

    private static Duration bounded(Duration time) {
        return Duration.ofNanos(Durations.toNanos(time));
    }

    @Override
    protected void start() {
        connection.begin();
        Kernel.get().spawnService(loop, "HTTP/2 to " + connection.stream().remoteAddress(), () -> {
            try {
                connection.run();
            } finally {
                ended = true;
                ended();
            }
        });
    }

    // ---- for the pool ----

    @Override
    protected int openable() {
        return Math.min(connection.streams().openable(), maxStreams - connection.streams().active());
    }

    @Override
    protected List<ClientStream> standing() {
        List<ClientStream> all = new ArrayList<>();
        for (Http2Stream stream : streams().standing()) {
            if (stream.work() instanceof Http2ClientStream answer) {
                all.add(answer);
            }
        }
        return all;
    }

    @Override
    protected String peer() {
        return connection.stream().remoteAddress();
    }

    @Override
    protected String version() {
        return "HTTP/2";
    }

    @Override
    protected ConnectionSight.Bytes traffic() {
        return StreamSight.of(connection.stream());
    }

    @Override
    protected long nanosLeft() {
        return connection.nanosLeft();
    }

    @Override
    protected void finish() {
        connection.finish();
    }

    @Override
    protected void abort() {
        connection.abort();
    }

    // ---- for a request ----

    Http2Writer writer() {
        return connection.writer();
    }

    Http2Streams streams() {
        return connection.streams();
    }

    @Override
    public @Nullable Http2ClientStream open(RequestHop hop, RequestFields fields, boolean end, CallOptions call) {
        boolean opening = false;
        try {
            CancelScope.throwIfCancelled();
            while (writer().isFull()) {
                writer().awaitRoom(TransferLimit.none());
            }
            opening = streams().openable() > 0;
        } finally {
            if (!opening) {
                unreserve();
            }
        }
        if (!opening) {
            return null;
        }
        opened();
        var answer = new Http2ClientStream(
                this, streams().open(), hop, fields.protocol() != null, call, loop.nanoTime());
        answer.stream().work(answer);
        boolean sent = false;
        try {
            writer().headNow(answer.stream(), fields, end);
            sent = true;
            return answer;
        } finally {
            if (!sent) {
                done(answer);
            }
        }
    }

    @Override
    protected boolean isSettled() {
        return ended || streams().isPeerHeard();
    }

    @Override
    protected boolean allowsTunnels() {
        return !ended && streams().allowsTunnels();
    }

    /** The stream of a request, as what carries another protocol from now on; {@link #done} when that is over. */
    ByteStream tunnel(Http2ClientStream answer) {
        return new ByteStream(new Http2Tunnel(connection, answer.stream(), () -> done(answer)));
    }

    /** The request is over; what is still open of its stream is reset. Does nothing the second time. */
    void done(Http2ClientStream answer) {
        Http2Stream stream = answer.stream();
        if (stream.work() == null) {
            return;
        }
        stream.work(null);
        if (stream.state() != Http2Stream.State.CLOSED) {
            connection.probe(answer.begunNanos());
            streams().reset(stream, Http2Error.CANCEL, "the request was given up");
        }
        streams().finished(stream, Http2Error.CANCEL);
        leave();
    }

    // ---- from the reading task ----

    @Override
    public boolean isServer() {
        return false;
    }

    @Override
    public void opened(Http2Stream stream, Http2Fields fields, boolean end) {
        throw new IllegalStateException("a server opens no streams");
    }

    @Override
    public void headers(Http2Stream stream, Http2Fields fields, boolean end) {
        answersCome = true;
        if (stream.work() instanceof Http2ClientStream answer) {
            answer.headers(streams(), fields, end);
        }
    }

    @Override
    public void goAway(int lastStream, Http2Error error) {
        streams().loseAbove(lastStream, error);
        connection.finish();
        hasMoreRoom();
    }

    /**
     * Where many requests are under way, their answers come one right after the other. To be woken for each would make
     * of every answer, and of the next request, a packet of its own. Bodies that come for long are not held up.
     */
    @Override
    public void awaitsMore() {
        int active = streams().active();
        if (answersCome && gathering != null && active >= MIN_GATHERED) {
            gathering.gather(Math.min(active * GATHER_NANOS, MAX_GATHER_NANOS));
        }
        answersCome = false;
    }

    @Override
    public void openableChanged() {
        hasMoreRoom();
    }
}
