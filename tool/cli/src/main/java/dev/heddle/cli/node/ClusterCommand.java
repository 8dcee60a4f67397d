package dev.heddle.cli.node;

import dev.heddle.Heddle;
import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.JsonLine;
import dev.heddle.cli.command.Table;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.ClusterView;
import dev.heddle.cluster.JobsStatistics;
import dev.heddle.cluster.LockQueueInfo;
import dev.heddle.cluster.Member;
import dev.heddle.cluster.NodeLoad;
import dev.heddle.cluster.store.SqlStore;
import dev.heddle.cluster.store.StoreEngine;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The command {@code heddle cluster}: shows who is in a cluster, who has which lock, and its queues. */
public final class ClusterCommand extends Command {

    public ClusterCommand() {
        super("cluster", "show the nodes, locks and queues of a cluster", """
                Usage: heddle cluster --embedded DIR [--json]
                       heddle cluster --join STORE --cluster NAME [--json]
                       heddle cluster init --join STORE [--print]

                Shows the nodes of a cluster with their addresses, workers and roles, the locks with holders and
                waiters, and the job queues. BODIES is the number that a node runs or has queued, as of a few seconds
                ago. A STORE voter is one of the servers of which a majority must run. The command does not join the
                cluster and changes nothing.

                init makes the tables of a store in a database, PostgreSQL or SQLite, or brings them to the version of
                now. Nodes do so by themselves if their user has the right. --print shows the SQL and does nothing.

                """ + ClusterAddress.HELP + """
                      --json              print a JSON object a line
                      --print             init: print the statements, for somebody else to run
                      --help              print this

                Exit: 0; 1 if the store does not answer, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        Arguments parsed = ClusterAddress.syntax().flag("--json").flag("--print").parse(arguments);
        if (parsed.rest().equals(List.of("init"))) {
            return ClusterAccess.told(() -> init(parsed, stdio));
        }
        if (!parsed.rest().isEmpty()) {
            throw new UsageException("what is \"" + HumanFormat.printable(parsed.rest().getFirst()) + "\"?");
        }
        return ClusterAccess.look(parsed, view -> {
            stdio.result(parsed.has("--json") ? json(view) : text(view));
            return Exit.FINE;
        });
    }

    private static int init(Arguments parsed, CommandStreams stdio) throws IOException {
        if (parsed.has("--embedded")) {
            throw new UsageException("init is for a store in a database: take --join");
        }
        StoreEngine store = ClusterAddress.connect(ClusterAddress.joined(parsed));
        if (!(store instanceof SqlStore tables)) {
            throw new UsageException(store + " has no tables to make: nodes can use it as it is");
        }
        if (parsed.has("--print")) {
            stdio.result(tables.sql());
        } else {
            Heddle.run(CommandLoops.CONFIG, tables::makeTables);
            stdio.tell(store + " has the tables of a cluster\n");
        }
        return Exit.FINE;
    }

    static String text(ClusterView view) {
        var text = new StringBuilder();
        var nodes = new Table("NODE", "POOL", ">WORKERS", ">BODIES", "STORE", "LABELS");
        Map<String, NodeLoad> loads = loads(view);
        for (Member member : view.members()) {
            NodeLoad load = loads.get(member.name());
            nodes.row(member.name(), NodeFacts.of(member, ClusterPool.ADDRESS),
                    NodeFacts.of(member, NodeFacts.WORKERS), load == null ? "" : Integer.toString(load.bodies()),
                    NodeFacts.of(member, NodeFacts.STORE), NodeFacts.others(member));
        }
        text.append(nodes);
        List<LockQueueInfo> lines = view.lines();
        if (!lines.isEmpty()) {
            var locks = new Table("LOCK", "NAME", "HELD BY", "WAITING");
            for (LockQueueInfo line : lines) {
                locks.row(line.kind(), line.name(), String.join(", ", line.holders()),
                        String.join(", ", line.waiting()));
            }
            text.append('\n').append(locks);
        }
        List<String> queues = view.queues();
        return (queues.isEmpty() ? text : text.append('\n').append(JobsCommand.queues(view))).toString();
    }

    static String json(ClusterView view) {
        var text = new StringBuilder();
        Map<String, NodeLoad> loads = loads(view);
        for (Member member : view.members()) {
            JsonLine line = JsonLine.of("node").with("name", member.name()).with("token", member.token().order());
            NodeLoad load = loads.get(member.name());
            if (load != null) {
                line = line.with("bodies", load.bodies());
            }
            text.append(line.with("labels", member.labels()));
        }
        for (LockQueueInfo line : view.lines()) {
            text.append(JsonLine.of("lock").with("type", line.kind()).with("name", line.name())
                    .with("holders", line.holders()).with("waiting", line.waiting()));
        }
        for (String queue : view.queues()) {
            text.append(queue(queue, view.jobs(queue).statistics()));
        }
        return text.toString();
    }

    private static Map<String, NodeLoad> loads(ClusterView view) {
        return view.loads().stream().collect(Collectors.toMap(NodeLoad::node, load -> load));
    }

    static JsonLine queue(String name, JobsStatistics numbers) {
        return JsonLine.of("queue").with("name", name).with("waiting", numbers.waiting())
                .with("running", numbers.running()).with("dead", numbers.dead()).with("ended", numbers.ended())
                .with("oldestWaitingSeconds", numbers.oldestWaiting().toSeconds())
                .with("paused", numbers.isPaused()).with("unhandled", numbers.unhandled().stream().sorted().toList());
    }
}
