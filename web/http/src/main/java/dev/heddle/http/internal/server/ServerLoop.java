package dev.heddle.http.internal.server;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.ParkingLot;
import dev.heddle.Task;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.internal.codec.BufferStack;
import dev.heddle.http.internal.codec.OutBuffer;
import dev.heddle.http.internal.codec.RequestParser;
import dev.heddle.http.internal.http2.Http2Batch;
import dev.heddle.internal.sight.Connections;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.io.ByteStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The part of a running server that one loop has for itself: what its connections share. */
public final class ServerLoop {

    /** Room for a head and a small body; also the most bytes of one chunk. */
    private static final int BUFFER_BYTES = 16 * 1024;

    private static final int MAX_IDLE_BUFFERS = 64;

    /** How long a server that stops still takes requests in that were sent before their peers could know. */
    static final Duration LAST_LOOK = Duration.ofMillis(10);

    private static final ScopedValue<ServerLoop> SENDING = ScopedValue.newInstance();

    private final Loop loop = Heddle.currentLoop();
    private final Kernel kernel = Kernel.get();
    private final DateLine date = new DateLine(this);
    private final ConnectionSettings settings;
    private final RequestAnswerer answerer;
    private final ConnectionOwner owner;
    private final ConnectionLimits limits;
    private final ServerMeter meter;
    private final Connections<ServerConnection> connections = new Connections<>();
    private final Set<Task<?>> background = new LinkedHashSet<>();
    /** Ends of responses that would last for as long as the peer likes. */
    private final Set<Runnable> endings = new LinkedHashSet<>();

    private boolean lastLookIsOver;
    private final ParkingLot stoppers = new ParkingLot("the last requests of a stopping server");
    private final ArrayDeque<RequestParser> parsers = new ArrayDeque<>();
    private final ArrayDeque<OutBuffer> buffers = new ArrayDeque<>();
    private final FileBuffers fileBuffers;
    private final BufferStack frameBuffers = new BufferStack(Http2Batch.BYTES, MAX_IDLE_BUFFERS);

    public ServerLoop(ConnectionSettings settings, RequestAnswerer answerer, ConnectionOwner owner) {
        this.settings = settings;
        this.answerer = answerer;
        this.owner = owner;
        this.limits = settings.limits();
        this.meter = new ServerMeter(loop, settings);
        this.fileBuffers = new FileBuffers(owner::fileFailed);
        // Its classes are better loaded now than in the first request.
        parsers.add(new RequestParser(limits.head()));
    }

    public Connections<?> connections() {
        return connections;
    }

    public Loop loop() {
        return loop;
    }

    public long nanoTime() {
        return loop.nanoTime();
    }

    /** The time as of the loop's last look at its clock, for those who do not need it exactly. */
    public long coarseNanos() {
        return kernel.lastLook(loop);
    }

    public ConnectionLimits limits() {
        return limits;
    }

    /** Memory for the batches of HTTP/2, and the heads of HTTP/3. */
    public BufferStack frameBuffers() {
        return frameBuffers;
    }

    public ConnectionSettings settings() {
        return settings;
    }

    /** Who answers the requests. */
    RequestAnswerer answerer() {
        return answerer;
    }

    /** Whose connections they are. */
    ConnectionOwner owner() {
        return owner;
    }

    DateLine date() {
        return date;
    }

    public ServerMeter meter() {
        return meter;
    }

    /** Whether the server is about to stop or stopping, so that each response announces the close of its connection. */
    boolean isDraining() {
        return owner.isDraining();
    }

    /** Whether no more requests are served but those under way. */
    public boolean isStopping() {
        return owner.isStopping();
    }

    /**
     * Serves one connection over TCP in the calling task; closes it at once if the server has closed what was idle, since
     * nobody would tell it later.
     */
    public void serve(ByteStream stream) {
        if (lastLookIsOver) {
            stream.close();
        } else {
            serve(new Http1ServerConnection(this, stream));
        }
    }

    /** Serves any connection in the same way. */
    public void serve(ServerConnection first) {
        if (lastLookIsOver) {
            first.abort();
            return;
        }
        ServerConnection connection = first;
        connections.add(connection);
        meter.accepted();
        try {
            for (ServerConnection next = connection.serve(); next != null; next = connection.serve()) {
                connections.remove(connection);
                connections.add(next);
                connection = next;
            }
        } finally {
            meter.closed();
            connections.remove(connection);
            stoppers.unparkAll();
        }
    }

    /**
     * Tells the log what a handler has spawned, and cancels it: its request has ended, though the task may go on.
     *
     * @param before what the task had spawned before the request, such as what goes on after its cancel
     */
    void endSpawned(List<Task<?>> before) {
        for (Task<?> child : Heddle.currentTask().owned()) {
            if (!before.contains(child)) {
                owner.cutOff(child);
                child.cancel();
            }
        }
    }

    /** Runs the writer of a body, which may ask {@link #whileSending} for an end at a stop. */
    void write(BodyWriter writer, OutputStream out) throws Exception {
        ScopedValue.where(SENDING, this).call(() -> {
            writer.writeTo(out);
            return true;
        });
    }

    /**
     * Runs what writes the response of the calling task for as long as its peer likes.
     *
     * @param ending told when the server stops; must not wait
     */
    public static void whileSending(Action body, Runnable ending) throws Exception {
        if (!SENDING.isBound()) {
            body.run();
            return;
        }
        ServerLoop by = SENDING.get();
        by.endings.add(ending);
        try {
            if (by.isStopping()) {
                ending.run();
            }
            body.run();
        } finally {
            by.endings.remove(ending);
        }
    }

    /** Starts work that outlives its request: see {@link dev.heddle.http.server.HttpServer#background}. */
    public Task<Void> background(String name, Action body) {
        Task<Void> task = kernel.spawnService(loop, name, () -> {
            try {
                body.run();
            } finally {
                background.remove(Heddle.currentTask());
                stoppers.unparkAll();
            }
        });
        background.add(task);
        return task;
    }

    /**
     * Takes in what has been sent already, closes idle connections, and waits for the others, and for work in the
     * background, until the grace is over. Such work is then cancelled.
     */
    public void finish(Duration grace) {
        List.copyOf(endings).forEach(Runnable::run);
        Duration look = grace.compareTo(LAST_LOOK) < 0 ? grace : LAST_LOOK;
        Heddle.sleep(look);
        lastLookIsOver = true;
        connections.all().forEach(ServerConnection::closeIfIdle);
        Heddle.moveOnAfter(grace.minus(look), () -> {
            while (!connections.isEmpty()) {
                stoppers.park();
            }
            awaitBackground();
        });
        List.copyOf(background).forEach(task -> task.cancel("the server stops"));
    }

    /** Waits for the end of work in the background. */
    public void awaitBackground() {
        while (!background.isEmpty()) {
            stoppers.park();
        }
    }

    /** Aborts what is left. */
    public void abort() {
        background.forEach(Task::cancel);
        if (!connections.isEmpty()) {
            owner.stillRunning(connections.size());
            connections.all().forEach(ServerConnection::abort);
        }
    }

    /** A parser that is ready for a head. */
    RequestParser takeParser() {
        RequestParser parser = parsers.pollLast();
        return parser == null ? new RequestParser(limits.head()) : parser;
    }

    /** Takes a parser back after a whole head; one that has failed must not come back. */
    void giveParser(RequestParser parser) {
        if (parsers.size() < MAX_IDLE_BUFFERS) {
            parser.reset();
            parsers.addLast(parser);
        }
    }

    OutBuffer takeBuffer() {
        OutBuffer buffer = buffers.pollLast();
        return buffer == null ? new OutBuffer(BUFFER_BYTES) : buffer;
    }

    void giveBuffer(OutBuffer buffer) {
        if (buffers.size() < MAX_IDLE_BUFFERS && buffer.capacity() == BUFFER_BYTES) {
            buffer.clear();
            buffers.addLast(buffer);
        }
    }

    FileBuffers fileBuffers() {
        return fileBuffers;
    }
}
