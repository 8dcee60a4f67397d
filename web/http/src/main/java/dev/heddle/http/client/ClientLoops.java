package dev.heddle.http.client;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.internal.client.call.ClientOptions;
import dev.heddle.http.internal.client.connection.ClientLoop;
import dev.heddle.http.internal.client.connection.PoolStatistics;
import dev.heddle.internal.sight.Connections;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The parts of one client, one for each loop that uses it. What a loop holds goes away with it: its engine closes the
 * connections, and the next new loop, or a look at the statistics, clears the rest away.
 *
 * <p>Threads: any.
 */
final class ClientLoops {

    private static final PartKind<ClientLoops> KIND = PartKind.<ClientLoops, Statistics>of(
            "client", ClientLoops::statistics, ClientLoops::pressure)
            .connecting(ClientLoops::connections)
            .until(loops -> loops.closed && loops.connections().values().stream().allMatch(Connections::isEmpty));

    private final ClientOptions options;
    private final Map<Loop, ClientLoop> parts = new ConcurrentHashMap<>();

    /** What the loops did that have ended. */
    private final AtomicReference<PoolStatistics> ended = new AtomicReference<>(PoolStatistics.NONE);

    private volatile boolean closed;

    ClientLoops(ClientOptions options) {
        this.options = options;
        Parts.add(KIND, this);
    }

    /** How many of the connections there are that may be, or that requests wait for one all the same. */
    private static double pressure(ClientLoops client, Statistics now) {
        double most = (double) client.options.call().limits().maxConnections() * client.parts.size();
        return now.waiting() > 0
                ? 1
                : client.parts.isEmpty() ? 0 : PartKind.share(now.connections() - now.idle(), most);
    }

    /**
     * The part of the calling task's loop.
     *
     * @throws ClosedException if the client is closed
     */
    ClientLoop here() {
        Loop loop = Heddle.currentLoop();
        ClientLoop part = parts.get(loop);
        if (part == null) {
            forgetEnded();
            // In one step: a task that waits here for another loop lets others of its own in.
            part = parts.computeIfAbsent(loop, here -> new ClientLoop(options, here));
        }
        // Only now: a close that missed the new part is seen here.
        if (closed) {
            throw new ClosedException("the HTTP client is closed");
        }
        return part;
    }

    boolean isClosed() {
        return closed;
    }

    /** Closes all parts, each on its own loop; those of other loops a moment later. Never waits. */
    void close() {
        closed = true;
        Task<?> task = Task.ofThread(Thread.currentThread()).orElse(null);
        for (ClientLoop part : parts.values()) {
            if (task != null && task.loop() == part.loop()) {
                part.pool().close();
            } else {
                closeElsewhere(part);
            }
        }
    }

    private static void closeElsewhere(ClientLoop part) {
        try {
            part.loop().callFromThread(part.pool()::close);
        } catch (IllegalStateException e) {
            // The loop has ended meanwhile, and its engine has closed the connections.
        }
    }

    Statistics statistics() {
        forgetEnded();
        PoolStatistics sum = ended.get();
        for (ClientLoop part : parts.values()) {
            sum = sum.plus(part.pool().statistics());
        }
        return new Statistics(sum);
    }

    /** The same for each origin that has connections or requests waiting, in the order of their names. */
    Map<URI, Statistics> statisticsByOrigin() {
        forgetEnded();
        Map<URI, PoolStatistics> sums = new TreeMap<>();
        for (ClientLoop part : parts.values()) {
            part.pool().addStatistics(sums);
        }
        Map<URI, Statistics> all = new TreeMap<>();
        sums.forEach((origin, sum) -> all.put(origin, new Statistics(sum)));
        return all;
    }

    private Map<Loop, Connections<?>> connections() {
        forgetEnded();
        Map<Loop, Connections<?>> all = new HashMap<>();
        parts.forEach((loop, part) -> all.put(loop, part.connections()));
        return all;
    }

    private void forgetEnded() {
        for (ClientLoop part : List.copyOf(parts.values())) {
            if (part.loop().isClosed() && parts.remove(part.loop(), part)) {
                ended.accumulateAndGet(part.pool().statistics().ended(), PoolStatistics::plus);
            }
        }
    }

    /** What the statistics are, at one moment. */
    record Statistics(int connections, int idle, int waiting, @Counter long opened,
            @Counter long reused) implements ClientStatistics {

        private Statistics(PoolStatistics sum) {
            this(sum.connections(), sum.idle(), sum.waiting(), sum.opened(), sum.reused());
        }
    }
}
