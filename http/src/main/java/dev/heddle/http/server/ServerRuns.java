package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.net.ServeOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A running server on all its loops, and the order in which it stops.
 *
 * <pre>
 *   SERVING ──▶ DRAINING    readiness fails and each response announces the close; connections are accepted and served
 *                  │        after the drain delay
 *                  ▼
 *              STOPPING     ports closed ▶ idle connections closed ▶ requests in flight finish ▶ after the grace
 *                           cancelled ▶ aborted
 * </pre>
 *
 * <p>Threads: the home loop's tasks, but {@link #here} and what asks for the phase are for any of its loops.
 */
final class ServerRuns {

    private enum Phase {
        SERVING,
        DRAINING,
        STOPPING
    }

    /** How long cancelled handlers have for their clean-up before the server goes without them. */
    private static final Duration CANCEL_TIME = Duration.ofSeconds(5);

    private final ServerSetup setup;
    private final @Nullable Ports ports;
    private final Entrance entrance;
    private final ServerRun home;
    private final Map<Loop, ServerRun> runs = new ConcurrentHashMap<>();
    private volatile Phase phase = Phase.SERVING;

    /**
     * @param ports null for a server that is only given streams
     */
    ServerRuns(ServerSetup setup, @Nullable Ports ports, Entrance entrance) {
        this.setup = setup;
        this.ports = ports;
        this.entrance = entrance;
        this.home = new ServerRun(setup, this);
        runs.put(home.loop(), home);
    }

    /** What the current loop runs of this server. */
    ServerRun here() {
        return runs.computeIfAbsent(Heddle.currentLoop(), loop -> new ServerRun(setup, this));
    }

    /** What runs on the loop that started the server. */
    ServerRun home() {
        return home;
    }

    boolean isDraining() {
        return phase != Phase.SERVING;
    }

    boolean isStopping() {
        return phase == Phase.STOPPING;
    }

    /** Accepts and serves until stopped. */
    void acceptAll() {
        if (ports != null && !isStopping()) {
            ports.serve(ServeOptions.DEFAULT.withMaxConnections(setup.limits().maxConnections()), this::enter);
        }
    }

    private void enter(ByteStream stream) {
        ByteStream entered = entrance.enter(stream);
        if (entered != null) {
            here().serve(entered);
        }
    }

    /** Goes through the stop; returns when it is over. A cancelled call has aborted all connections. */
    void stop(Duration grace) {
        try {
            phase = Phase.DRAINING;
            if (ports != null && setup.drainDelay().isPositive()) {
                Heddle.sleep(setup.drainDelay());
            }
            phase = Phase.STOPPING;
            if (ports != null) {
                ports.close();
            }
            finishAll(grace);
            if (ports != null) {
                Heddle.moveOnAfter(CANCEL_TIME, ports::cancel);
            }
        } finally {
            phase = Phase.STOPPING;
            if (ports != null) {
                ports.close();
            }
            runs.values().forEach(ServerRuns::abort);
        }
    }

    private void finishAll(Duration grace) {
        List<Task<Void>> others = new ArrayList<>();
        try {
            for (ServerRun run : runs.values()) {
                if (run != home) {
                    others.add(run.loop().spawn(() -> run.finish(grace)));
                }
            }
            home.finish(grace);
            others.forEach(Task::join);
        } finally {
            others.forEach(Task::cancel);
        }
    }

    private static void abort(ServerRun run) {
        if (run.loop() == Heddle.currentLoop()) {
            run.abort();
            return;
        }
        try {
            run.loop().callFromThread(run::abort);
        } catch (IllegalStateException e) {
            // The loop has ended, and its engine has closed all it held.
        }
    }

    ServerStatistics statistics() {
        return ServerStatistics.of(runs.values().stream().map(ServerRun::meter).toList());
    }
}
