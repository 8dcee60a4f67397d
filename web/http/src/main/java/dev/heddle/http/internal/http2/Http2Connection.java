package dev.heddle.http.internal.http2;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.Waiter;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.internal.codec.BufferStack;
import dev.heddle.http.internal.codec.LingeringClose;
import dev.heddle.http.internal.codec.PeerLog;
import dev.heddle.internal.Durations;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2, of a server or a client: its reading task, its streams, and the way it ends.
 *
 * <pre>
 *   OPEN ──drain()──▶ ANNOUNCED ──peer's PING came back, or 1 s──▶ DRAINING ──last stream──▶ ENDED
 *     └──────────────── a fault, the end of the stream, too late, a cancel ─────────────────▶ ENDED
 * </pre>
 *
 * <p>ANNOUNCED has sent GOAWAY with the highest number there is and still takes what was under way; DRAINING has sent
 * the last stream that counts (RFC 9113, section 6.8). Tasks: the caller of {@link #run} reads, one more writes, and
 * each stream of a server has one; all are of one group, so none outlives the connection. Frames are taken as they come
 * and never wait for a handler: bodies gather in their streams, as far as the windows go.
 *
 * <p>For the client: {@link Http2Streams#open} makes a stream, {@link #writer} sends on it, and {@link
 * Http2Stream#inbound} is its body.
 */
public final class Http2Connection {

    private enum Phase {
        OPEN,
        ANNOUNCED,
        DRAINING,
        ENDED
    }

    /** What the PING carries whose return says that the first GOAWAY has arrived. */
    private static final long DRAIN_PING = 0x686564646c652032L;

    /** What the PING carries that asks whether the peer is still there. */
    private static final long PROBE_PING = 0x686564646c653f3fL;

    /** How long a peer may be silent before it is asked, and then before it gets no more streams. */
    private static final Duration SILENCE = Duration.ofSeconds(1);

    /** How long that may take before it is counted as done. */
    private static final Duration ANNOUNCE_TIME = Duration.ofSeconds(1);

    private static final long NEVER = Long.MAX_VALUE;

    private final Loop loop;
    private final ByteStream stream;
    private final Http2Role role;
    private final Http2Options options;
    private final Http2Limits limits;
    private final Http2Writer writer;
    private final Http2Streams streams;
    private final Http2FrameReader frames;
    private final long headNanos;
    private final long idleNanos;
    private final long bornNanos;

    private @Nullable TaskGroup group;
    private @Nullable CancelScope reading;

    /** The wait for the PING behind GOAWAY; null as long as none was sent. */
    private @Nullable Waiter announced;

    private Phase phase = Phase.OPEN;
    private long idleSince;

    /** When the frame or header block began whose rest the peer owes; and whether it owes one. */
    private long owedSince;

    private boolean owed = true;
    private boolean deadlineSet;
    private boolean begun;
    private long lastReadNanos;

    /** When the peer was asked whether it is there. */
    private long probedNanos;

    private boolean probed;

    public Http2Connection(Loop loop, ByteStream stream, BufferStack buffers, Http2Options options, Http2Role role) {
        this.loop = loop;
        this.stream = stream;
        this.role = role;
        this.options = options;
        this.limits = options.limits();
        var budgets = new Http2Budgets(loop, limits);
        this.writer = new Http2Writer(loop, stream, buffers, options, budgets);
        this.streams = new Http2Streams(this, role, options, budgets, writer);
        this.frames = new Http2FrameReader(streams, limits.maxFrameBytes(),
                Math.max(options.maxHeaderBytes(), limits.maxFrameBytes()), limits.maxContinuations());
        this.headNanos = Durations.toNanos(options.headTime());
        this.idleNanos = Durations.toNanos(options.idleTime());
        this.bornNanos = loop.nanoTime();
        this.idleSince = bornNanos;
        this.owedSince = bornNanos;
        this.lastReadNanos = bornNanos;
    }

    public ByteStream stream() {
        return stream;
    }

    public Http2Writer writer() {
        return writer;
    }

    public Http2Streams streams() {
        return streams;
    }

    /** Whether nothing speaks against streams of our own. */
    boolean isOpen() {
        return phase == Phase.OPEN && (reading == null || !reading.isCancelled())
                && !(probed && hasPassedSince(probedNanos));
    }

    /** Whether streams of the peer still count. */
    boolean takesStreams() {
        return phase == Phase.OPEN || phase == Phase.ANNOUNCED;
    }

    boolean hasEnded() {
        return phase == Phase.ENDED;
    }

    /**
     * Reads and writes until the connection ends, and closes it. The preface of the peer, if this is a server, has been
     * read.
     *
     * <p>Cancellation: a cancelled call has aborted the connection and cancelled its handlers.
     */
    public void run() {
        Heddle.group(opened -> {
            group = opened;
            opened.spawnService("HTTP/2 writer", this::write);
            boolean clean = false;
            try {
                begin();
                boolean peerEnded = CancelScope.open(scope -> {
                    reading = scope;
                    endIfDrained();
                    readFrames();
                });
                end(peerEnded ? "the peer has ended the connection" : "the connection has ended");
                if (!peerEnded) {
                    sayGoodbye(whyEnded());
                }
                clean = true;
            } catch (Http2Fault fault) {
                end("the connection failed: " + fault.getMessage());
                PeerLog.lost(this, fault);
                sayGoodbye(fault.error());
                clean = true;
            } catch (ClosedException | BrokenException gone) {
                end(String.valueOf(gone.getMessage()));
                PeerLog.lost(this, gone);
            } finally {
                end("the connection was cancelled");
                if (clean) {
                    stream.close();
                } else {
                    stream.abort();
                }
            }
        });
    }

    /** Starts a task that ends before the connection does. */
    public Task<Void> spawn(String name, Action body) {
        TaskGroup tasks = group;
        if (tasks == null) {
            throw new IllegalStateException("the connection does not run");
        }
        return tasks.spawn(name, body);
    }

    private void write() {
        try {
            writer.run();
        } catch (ClosedException | BrokenException gone) {
            end(String.valueOf(gone.getMessage()));
        } finally {
            // Wakes the reading task, if it has not ended the writing itself.
            if (phase != Phase.ENDED) {
                end("the peer does not read");
                stream.abort();
            }
        }
    }

    /** Sends what a connection begins with; a client does so before its first stream, and before it runs. */
    public void begin() {
        if (begun) {
            return;
        }
        begun = true;
        if (!role.isServer()) {
            writer.preface();
        }
        writer.settings(
                Http2Frame.SETTING_TABLE, limits.headerTableBytes(),
                role.isServer() ? Http2Frame.SETTING_STREAMS : Http2Frame.SETTING_PUSH,
                role.isServer() ? limits.maxStreams() : 0,
                Http2Frame.SETTING_WINDOW, limits.streamWindow(),
                Http2Frame.SETTING_FRAME, limits.maxFrameBytes(),
                Http2Frame.SETTING_HEADERS, options.maxHeaderBytes(),
                Http2Frame.SETTING_CONNECT, role.isServer() ? 1 : 0,
                Http2Frame.SETTING_NO_OLD_PRIORITIES, 1);
        int more = limits.connectionWindow() - Http2Frame.INITIAL_WINDOW;
        if (more > 0) {
            writer.windowUpdate(0, more);
        }
    }

    private void readFrames() {
        ByteBuffer in = stream.buffered();
        while (true) {
            int before = in.position();
            boolean inBlock = frames.isInsideBlock();
            int needed = frames.read(in);
            if (!owed || (in.position() != before && !inBlock)) {
                owedSince = loop.nanoTime();
            }
            owed = !frames.isSettled() || frames.isInside(in);
            setDeadline();
            role.awaitsMore();
            in = stream.fill(needed);
            lastReadNanos = loop.nanoTime();
            if (in.remaining() < needed) {
                return;
            }
        }
    }

    /**
     * Sets when the peer is late with what it owes now: the rest of a frame, an answer to our settings, or something to
     * do.
     */
    private void setDeadline() {
        CancelScope scope = reading;
        if (scope == null) {
            return;
        }
        long left = streams.active() > 0 ? NEVER : left(idleNanos, idleSince);
        if (owed) {
            left = Math.min(left, left(headNanos, owedSince));
        }
        if (!streams.isAcknowledged()) {
            left = Math.min(left, left(headNanos, bornNanos));
        }
        if (left < NEVER) {
            deadlineSet = true;
            scope.deadlineAfter(Duration.ofNanos(left));
        } else if (deadlineSet) {
            deadlineSet = false;
            scope.clearDeadline();
        }
    }

    /** How long the peer has for what it owes, or for something to do; -1 if nothing is awaited of it. */
    public long nanosLeft() {
        return reading == null ? -1 : reading.remaining().map(Duration::toNanos).orElse(-1L);
    }

    private long left(long nanos, long since) {
        return Math.max(0, nanos - (loop.nanoTime() - since));
    }

    /** What to tell a peer whose connection we end: what it is late with, if that is why. */
    private Http2Error whyEnded() {
        if (owed && left(headNanos, owedSince) == 0) {
            return Http2Error.PROTOCOL_ERROR;
        }
        boolean settled = streams.isAcknowledged() || left(headNanos, bornNanos) > 0;
        return settled ? Http2Error.NO_ERROR : Http2Error.SETTINGS_TIMEOUT;
    }

    /** Sends the last GOAWAY, and gives the peer time to read it: a close with bytes unread would overtake it. */
    private void sayGoodbye(Http2Error error) {
        try {
            writer.goAway(streams.table().lastTaken(), error);
            Heddle.moveOnAfter(options.lingerTime(), () -> {
                writer.finish();
                LingeringClose.run(stream, limits.connectionWindow());
            });
        } catch (ClosedException | BrokenException gone) {
            PeerLog.lost(this, gone);
        }
    }

    private void end(String why) {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        completeAnnounced();
        streams.loseAll(why);
    }

    // ---- the end in order ----

    /** Opens no more streams of our own, and ends behind the last one: for a client. Any task. */
    public void finish() {
        if (phase == Phase.OPEN) {
            phase = Phase.DRAINING;
            endIfDrained();
        }
    }

    /**
     * Begins to end the connection: streams under way go on, and new ones are taken only as long as they may be. Any
     * task.
     */
    public void drain() {
        TaskGroup tasks = group;
        if (phase != Phase.OPEN || tasks == null) {
            return;
        }
        phase = Phase.ANNOUNCED;
        var ping = new Waiter("the PING behind GOAWAY");
        announced = ping;
        writer.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
        writer.ping(DRAIN_PING);
        tasks.spawnService("HTTP/2 drain", () -> {
            ping.awaitWithin(ANNOUNCE_TIME);
            if (phase == Phase.ANNOUNCED) {
                phase = Phase.DRAINING;
                writer.goAway(streams.table().lastTaken(), Http2Error.NO_ERROR);
                endIfDrained();
            }
        });
    }

    private void completeAnnounced() {
        if (announced != null) {
            announced.complete();
        }
    }

    /**
     * A request was given up: if nothing has come for a while, the way to the peer may be cut, which no system tells.
     * Asks the peer, and opens no more streams when it takes its time to answer.
     */
    public void probe(long begunNanos) {
        if (!probed && phase == Phase.OPEN && hasPassedSince(lastReadNanos) && hasPassedSince(begunNanos)) {
            probed = true;
            probedNanos = loop.nanoTime();
            writer.ping(PROBE_PING);
        }
    }

    private boolean hasPassedSince(long nanos) {
        return loop.nanoTime() - nanos >= SILENCE.toNanos();
    }

    /** The peer has answered a PING. */
    void ponged(long content) {
        if (content == DRAIN_PING) {
            completeAnnounced();
        } else if (content == PROBE_PING && probed) {
            probed = false;
            role.openableChanged();
        }
    }

    /** A stream of our own begins: from now on the connection is not idle. */
    void busy() {
        setDeadline();
    }

    /** The last stream is over. */
    void idle() {
        idleSince = loop.nanoTime();
        if (phase != Phase.ENDED) {
            setDeadline();
            endIfDrained();
        }
    }

    private void endIfDrained() {
        if (phase == Phase.DRAINING && streams.active() == 0 && reading != null) {
            reading.cancel("the last stream has ended");
        }
    }

    /** Ends the connection at once. */
    public void abort() {
        stream.abort();
    }

    @Override
    public String toString() {
        return "HTTP/2 connection from " + stream.remoteAddress() + ", " + phase + ", " + streams.active() + " streams";
    }
}
