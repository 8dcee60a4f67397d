package dev.heddle.http.server;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.internal.proxy.TrustedProxies;
import dev.heddle.http.internal.server.ConnectionOwner;
import dev.heddle.http.internal.server.ConnectionPreamble;
import dev.heddle.http.internal.server.ConnectionSettings;
import dev.heddle.http.internal.server.FileContent;
import dev.heddle.http.internal.server.Http3Port;
import dev.heddle.http.internal.server.ServerLoop;
import dev.heddle.http.internal.server.ServerMeter;
import dev.heddle.http.internal.server.ServerPorts;
import dev.heddle.internal.sight.Connections;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.internal.sight.TellsItself;
import dev.heddle.io.ByteStream;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.StreamHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
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
final class RunningServer implements ConnectionOwner, RequestSettings {

    private static final PartKind<RunningServer> KIND = PartKind.later(
            () -> PartKind.<RunningServer, ServerStatistics>of(
                    "server", RunningServer::statistics, RunningServer::pressure)
                    .named(RunningServer::name)
                    .connecting(RunningServer::connections)
                    .until(server -> server.isStopping() && server.statistics().connections() == 0));

    private enum Phase {
        SERVING,
        DRAINING,
        STOPPING
    }

    private final ServerConfig config;
    private final @Nullable ServerPorts ports;
    private final @Nullable Http3Port http3;
    private final @Nullable String alternative;
    private final ConnectionPreamble preamble;
    private final ConnectionSettings settings;
    private final RequestDispatcher dispatcher;
    private final ServerLoop home;
    private final Map<Loop, ServerLoop> loops = new ConcurrentHashMap<>();
    private volatile Phase phase = Phase.SERVING;

    /**
     * @param ports null for a server that is only given streams
     * @param http3 null if that is not spoken
     */
    RunningServer(ServerConfig config, @Nullable ServerPorts ports, @Nullable Http3Port http3,
            ConnectionPreamble preamble) {
        this.config = config;
        this.ports = ports;
        this.http3 = http3;
        this.alternative = http3 == null || ports == null ? null : "h3=\":" + ports.port() + "\"; ma=86400";
        this.preamble = preamble;
        this.settings = config.ofConnections();
        this.dispatcher = new RequestDispatcher(config, this);
        this.home = new ServerLoop(settings, dispatcher, this);
        loops.put(home.loop(), home);
        Parts.add(KIND, this);
        if (ports != null) {
            StopPlan.check(home.loop(), ports.address(), config);
        }
    }

    /** What the current loop runs of this server. */
    ServerLoop here() {
        return loops.computeIfAbsent(Heddle.currentLoop(), loop -> new ServerLoop(settings, dispatcher, this));
    }

    /** What runs on the loop that started the server. */
    ServerLoop home() {
        return home;
    }

    /** Starts work that outlives its request; on a loop that the stop may not know yet. */
    Task<Void> background(String name, Action body) {
        boolean known = loops.containsKey(Heddle.currentLoop());
        Task<Void> task = here().background(name, body);
        if (!known && isStopping()) { // who stops may not see this loop any more
            task.cancel("the server stops");
        }
        return task;
    }

    @Override
    public boolean isDraining() {
        return phase != Phase.SERVING;
    }

    @Override
    public boolean isStopping() {
        return phase == Phase.STOPPING;
    }

    // ---- for requests ----

    @Override
    public ServerLimits limits() {
        return config.limits();
    }

    @Override
    public @Nullable JsonCodec json() {
        return config.json();
    }

    @Override
    public @Nullable String alternative() {
        return alternative;
    }

    @Override
    public TrustedProxies proxies() {
        return config.proxies();
    }

    @Override
    public Set<String> healthPaths() {
        return config.healthPaths();
    }

    // ---- for the log ----

    @Override
    public void notEntered(String remoteAddress, Throwable failure) {
        ServerLog.notEntered(remoteAddress, failure);
    }

    @Override
    public void cutOff(Task<?> child) {
        ServerLog.cutOff(child);
    }

    @Override
    public void fileFailed(FileContent file, Throwable failure) {
        ServerLog.fileFailed(file, failure);
    }

    @Override
    public void stillRunning(int handlers) {
        ServerLog.stillRunning(handlers);
    }

    // ---- its life ----

    /** Accepts and serves until stopped. */
    void acceptAll() {
        if (ports == null || isStopping()) {
            return;
        }
        if (http3 == null) {
            accept(ports);
            return;
        }
        Heddle.group(both -> {
            both.spawn("accept by QUIC " + ports.address(), () -> http3.serve(this::here));
            accept(ports);
        });
    }

    private void accept(ServerPorts from) {
        from.service().serve(ServeOptions.DEFAULT.withMaxConnections(config.limits().maxConnections()), new Entrance());
    }

    /** Takes no more connections. */
    private void closePorts() {
        if (ports != null) {
            ports.close().run();
        }
        if (http3 != null) {
            http3.close();
        }
    }

    /** What gets the connections of the ports. */
    private final class Entrance implements StreamHandler, TellsItself {

        @Override
        public void handle(ByteStream stream) {
            ByteStream entered = preamble.enter(stream, RunningServer.this);
            if (entered != null) {
                here().serve(entered);
            }
        }
    }

    /**
     * Goes through the stop; returns when it is over, which is within what the end of the run leaves for it, if that is
     * under way. A cancelled call has aborted all connections.
     */
    void stop(Duration grace) {
        try {
            phase = Phase.DRAINING;
            Duration drain = ports == null ? Duration.ZERO : config.drainDelay();
            StopPlan plan = StopPlan.within(Kernel.stopTime(), drain, grace);
            if (plan.drain().isPositive()) {
                Heddle.sleep(plan.drain());
            }
            phase = Phase.STOPPING;
            closePorts();
            onAllLoops(loop -> loop.finish(plan.grace()));
            Heddle.moveOnAfter(plan.cleanUp(), () -> {
                if (http3 != null) {
                    http3.cancel();
                }
                if (ports != null) {
                    ports.cancel().run();
                }
                onAllLoops(ServerLoop::awaitBackground);
            });
        } finally {
            phase = Phase.STOPPING;
            closePorts();
            loops.values().forEach(RunningServer::abort);
        }
    }

    private void onAllLoops(Consumer<ServerLoop> part) {
        List<Task<Void>> others = new ArrayList<>();
        try {
            for (ServerLoop loop : loops.values()) {
                if (loop != home) {
                    others.add(loop.loop().spawn(() -> part.accept(loop)));
                }
            }
            part.accept(home);
            others.forEach(Task::join);
        } finally {
            others.forEach(Task::cancel);
        }
    }

    private static void abort(ServerLoop loop) {
        if (loop.loop() == Heddle.currentLoop()) {
            loop.abort();
            return;
        }
        try {
            loop.loop().callFromThread(loop::abort);
        } catch (IllegalStateException e) {
            // The loop has ended, and its engine has closed all it held.
        }
    }

    /** How many of the connections there are that may be. */
    private static double pressure(RunningServer server, ServerStatistics now) {
        return PartKind.share(
                (double) now.connections(), (double) server.config.limits().maxConnections() * server.loops.size());
    }

    private Map<Loop, Connections<?>> connections() {
        Map<Loop, Connections<?>> all = new HashMap<>();
        loops.forEach((loop, part) -> all.put(loop, part.connections()));
        return all;
    }

    private @Nullable String name() {
        return ports == null ? null : ports.address();
    }

    ServerStatistics statistics() {
        return Counts.of(loops.values().stream().map(ServerLoop::meter).toList());
    }

    /** The statistics of a server at one moment. */
    record Counts(long connections, @Counter long accepted, long inFlight, @Counter long requests,
            @Counter long successes, @Counter long redirections,
            @Counter long clientErrors, @Counter long serverErrors,
            @Counter long unanswered) implements ServerStatistics {

        static final Counts NONE = of(List.of());

        /** The counts of all loops together. */
        static Counts of(List<ServerMeter> meters) {
            long[] sum = new long[ServerMeter.COUNTS];
            for (ServerMeter meter : meters) {
                meter.addTo(sum);
            }
            return new Counts(
                    sum[ServerMeter.ACCEPTED] - sum[ServerMeter.CLOSED], sum[ServerMeter.ACCEPTED],
                    sum[ServerMeter.BEGUN] - sum[ServerMeter.ENDED], sum[ServerMeter.BEGUN],
                    sum[ServerMeter.STATUS + 2],
                    sum[ServerMeter.STATUS + 3], sum[ServerMeter.STATUS + 4], sum[ServerMeter.STATUS + 5],
                    sum[ServerMeter.STATUS]);
        }
    }
}
