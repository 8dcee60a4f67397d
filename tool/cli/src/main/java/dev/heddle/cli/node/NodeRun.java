package dev.heddle.cli.node;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.shield;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.ClusterPoolOptions;
import dev.heddle.cluster.Member;
import dev.heddle.cluster.NodeProgram;
import dev.heddle.cluster.NodeSecurity;
import dev.heddle.cluster.store.StoreAddress;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.process.ProcessPoolOptions;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One run of {@code heddle node}: the server of the node if it has one, the node, its pool and its program, which end
 * in the opposite order.
 *
 * <pre>
 *   starting ──▶ ready ── a signal, or the end of the program ──▶ leaving ──▶ gone
 *       └── a signal: cancelled ──────────────────────────────────────────────▲
 * </pre>
 *
 * <p>Threads: the program's main thread, and the loop that it runs.
 */
final class NodeRun {

    private static final Duration LOOK = Duration.ofMillis(20);

    private static final Duration LOOK_AT_CERTIFICATE = Duration.ofSeconds(20);

    private final NodeArguments arguments;
    private final CommandStreams stdio;

    /** Completed by a signal once the node is ready; before that the signal cancels the start. */
    private final Waiter stop = new Waiter("a signal to leave");

    private boolean ready;

    NodeRun(NodeArguments arguments, CommandStreams stdio) {
        this.arguments = arguments;
        this.stdio = stdio;
    }

    /** Runs until a signal comes, or the program has ended. */
    void untilEnd() {
        NodeProgram program = program();
        Heddle.run(CommandLoops.withGrace(arguments.drain()), () -> untilEnd(program));
    }

    private void untilEnd(NodeProgram program) {
        Task<Void> life = currentLoop().spawn("node " + name(), () -> live(program));
        try {
            life.join();
        } catch (CancelledException e) {
            if (ready) {
                stdio.tell("leaving; bodies of other nodes have " + HumanFormat.time(arguments.drain().toNanos())
                        + " to end\n");
                stop.complete();
            } else {
                life.cancel(String.valueOf(e.getMessage()));
            }
            shield(() -> {
                life.awaitOutcome();
            });
            throw e;
        }
    }

    private void live(NodeProgram program) throws Exception {
        var identity = new NodeIdentity(arguments.files());
        NodeSecurity security = NodeSecurity.mutualTls(identity, arguments.files().trust());
        Task<Void> looking = Heddle.spawn("the certificate of node " + name(), () -> lookAfter(identity));
        try {
            live(program, security);
        } finally {
            looking.cancel("the node has left");
        }
    }

    /** Takes it anew when its file has changed, and tells when its time is nearly over. */
    private void lookAfter(NodeIdentity identity) {
        while (true) {
            Instant now = currentLoop().engine().now();
            Heddle.offload(() -> identity.look(now)).ifPresent(news -> stdio.tell(news + "\n"));
            Heddle.sleep(LOOK_AT_CERTIFICATE);
        }
    }

    private void live(NodeProgram program, NodeSecurity security) throws Exception {
        StoreAddress store = arguments.store();
        if (store != null) {
            live(program, security, ClusterAddress.connect(store));
            return;
        }
        stdio.tell("node " + name() + " waits for more than half of the servers of "
                + arguments.files().cluster() + "\n");
        try (var server = EmbeddedStore.start(arguments.files())) {
            live(program, security, server);
        }
    }

    private void live(NodeProgram program, NodeSecurity security, StoreEngine store) throws Exception {
        String hash = ClusterPool.program();
        ClusterOptions options = ClusterOptions.of(arguments.files().cluster(), store).withNode(name())
                .withLabels(NodeFacts.labels(arguments, hash));
        try (Cluster cluster = Cluster.join(options)) {
            requireSameProgram(cluster, hash);
            try (ClusterPool pool = ClusterPool.of(cluster, poolOptions(security))) {
                ready = true;
                stdio.tell(greeting(cluster, store));
                work(program, cluster, pool);
            }
        }
    }

    private ClusterPoolOptions poolOptions(NodeSecurity security) {
        return ClusterPoolOptions.of(arguments.files().self().port(), security)
                .withProcesses(ProcessPoolOptions.DEFAULT.withWorkers(arguments.workers()))
                .withDrain(arguments.drain());
    }

    /** Bodies travel by the names of their classes, so among other programs this node would only be refused. */
    private void requireSameProgram(Cluster cluster, String hash) {
        while (!cluster.members().contains(cluster.self())) {
            Heddle.sleep(LOOK);
        }
        List<Member> strangers = NodeFacts.strangers(cluster.members(), hash);
        if (!strangers.isEmpty() && !arguments.anyProgram()) {
            throw new FailureException("the class path of this node (" + hash + ") is not that of "
                    + strangers.stream()
                            .map(member -> member.name() + " (" + NodeFacts.of(member, NodeFacts.PROGRAM) + ')')
                            .collect(Collectors.joining(", "))
                    + ": give all nodes the same --class-path, or join all the same with --any-program");
        }
    }

    private String greeting(Cluster cluster, StoreEngine store) {
        return "node " + name() + " of the cluster " + cluster.name() + " is ready: "
                + HumanFormat.count(arguments.workers(), "worker") + " at " + arguments.files().self().place() + ", "
                + HumanFormat.count(cluster.members().size(), "member") + ", " + store + " (Ctrl-C leaves)\n";
    }

    /** Waits for the end of the program or a signal, whatever is first; a signal ends the program. */
    private void work(NodeProgram program, Cluster cluster, ClusterPool pool) {
        Task<Void> work = Heddle.spawn(
                "the program of node " + name(), () -> program.run(cluster, pool, arguments.programArguments()));
        Task<Void> watch = Heddle.spawn("the end of node " + name(), () -> {
            stop.await();
            work.cancel("the node leaves the cluster");
        });
        work.awaitOutcome();
        watch.cancel("the program has ended");
        work.failure().filter(failure -> !(failure instanceof CancelledException)).ifPresent(failure -> {
            failure.printStackTrace(new PrintStream(stdio.err(), true, StandardCharsets.UTF_8));
            throw new FailureException("the program has failed, and node " + name() + " has left", failure);
        });
    }

    private String name() {
        return arguments.files().self().name();
    }

    /** What runs beside the work of others: by default nothing, until the node is to leave. */
    private NodeProgram program() {
        String name = arguments.program();
        if (name == null) {
            return (_, _, _) -> new Waiter("bodies of other nodes").await();
        }
        try {
            return Class.forName(name).asSubclass(NodeProgram.class).getConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw new UsageException("--program: no class " + HumanFormat.printable(name) + " is on the class path; "
                    + "--class-path PATH adds to it");
        } catch (ClassCastException e) {
            throw new UsageException("--program: " + name + " is no " + NodeProgram.class.getName());
        } catch (ReflectiveOperationException e) {
            throw new FailureException("--program: " + name + " cannot be made: " + (e.getCause() == null
                    ? "it needs a public constructor without parameters"
                    : e.getCause()), e);
        }
    }
}
