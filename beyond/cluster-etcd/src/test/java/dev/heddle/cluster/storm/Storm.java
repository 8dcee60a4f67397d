package dev.heddle.cluster.storm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A storm over a cluster of real JVMs while it does a map, single bodies and jobs: again and again a node, or a server
 * beside the nodes, is struck, and the next blow comes when all is well again. What must be true afterwards, {@link
 * Findings} looks for in the journals of all processes.
 */
public final class Storm {

    private static final long PATIENCE_MILLIS = 90_000;

    /** How long what a killed node has started may go on. */
    private static final long ORPHANS_MILLIS = 10_000;

    /** How many jobs must have ended after a blow until it is over. */
    private static final int JOBS_AFTER = 8;

    private final Plan plan;
    private final Path folder;
    private final StormCluster cluster;
    private final List<Blow> blows = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Resource resource = new Resource();

    /** What the nodes agree by. */
    public enum Engine {
        /** ZooKeeper servers in the nodes. */
        EMBEDDED,
        /** Three ZooKeeper servers beside them. */
        ZOOKEEPER,
        /** Three servers of etcd beside them. */
        ETCD,
        /** A server of PostgreSQL and its synchronous standby beside them. */
        POSTGRES
    }

    /** What is done to a node or server. */
    public enum Strike {
        /** Its process is killed; what it has started must end by itself. Then it is started again. */
        KILL,
        /**
         * It is stopped for longer than its lease; each second time only the JVM of a node, without its children. A
         * node has a lock and writes to a {@link Resource}; another one gets it, and writes; then the first one goes
         * on, and writes with the token that it has.
         */
        STOP,
        /** All its lines are reset and refused for longer than its lease. */
        CUT,
        /** Its cable is pulled for longer than its lease. Nobody is told. Only for {@link Engine#EMBEDDED}. */
        CABLE,
        /**
         * The database that takes changes is killed, and its standby promoted; the killed one comes back as the standby.
         * Only for {@link Engine#POSTGRES}.
         */
        FAIL_OVER,
        /** All nodes leave and come back, one after another, by turns as another version. */
        RESTART
    }

    /**
     * A storm.
     *
     * @param strikes by turns
     * @param rounds how many blows of each; of {@link Strike#RESTART} how often all nodes are
     * @param items of a map
     * @param micros how long a body takes
     * @param timeoutMillis of the nodes' sessions
     */
    public record Plan(Engine engine, List<Strike> strikes, int rounds, int items, int micros, long timeoutMillis) {
        public Plan {
            strikes = List.copyOf(strikes);
        }
    }

    /**
     * A blow.
     *
     * @param millis when, on the clock of the journals
     * @param end when all was well again
     */
    record Blow(Strike strike, String victim, long millis, long end) {}

    /** Whether all that was begun has ended. */
    private boolean whole;

    private Storm(Plan plan, Path folder, StormCluster cluster) {
        this.plan = plan;
        this.folder = folder;
        this.cluster = cluster;
    }

    /**
     * Makes a storm.
     *
     * @param folder for what the processes leave; empty
     */
    public static Findings run(StormJvm jvm, Plan plan, Path folder) throws IOException, InterruptedException {
        try (var cluster = new StormCluster(
                jvm, folder, plan.engine(), plan.strikes().contains(Strike.CABLE), plan.timeoutMillis())) {
            var storm = new Storm(plan, folder, cluster);
            try (Resource _ = storm.resource) {
                storm.run();
            }
            return Findings.of(plan, storm.blows, storm.problems, storm.whole, folder);
        }
    }

    private void run() throws InterruptedException {
        try {
            cluster.asker().ask("load " + plan.items() + ' ' + plan.micros());
            awaitJobs();
            for (int round = 0; round < plan.rounds(); round++) {
                for (Strike strike : plan.strikes()) {
                    strike(strike, round);
                }
            }
            cluster.asker().ask("stop");
            awaitEnd();
            whole = true;
            cluster.leave();
        } catch (IOException e) {
            problems.add("after " + blows.size() + " blows: " + e.getMessage());
        }
    }

    // ---- the blows ----

    private void strike(Strike strike, int round) throws IOException, InterruptedException {
        switch (strike) {
            case KILL, STOP -> {
                Servers servers = cluster.servers();
                if (servers == null) {
                    strikeNode(strike, 1 + round % StormCluster.WORKERS, round);
                } else if (round % 2 == 0) {
                    strikeNode(strike, 1 + round / 2 % StormCluster.WORKERS, round / 2);
                } else {
                    strikeServer(strike, servers, round / 2 % servers.count());
                }
            }
            case CUT, CABLE -> {
                int node = 1 + round % StormCluster.WORKERS;
                long begin = now();
                cluster.cut(node);
                Thread.sleep(longerThanALease());
                cluster.mend(node);
                well(strike, node, begin);
            }
            case FAIL_OVER -> {
                long begin = now();
                cluster.databases().failOver();
                awaitJobs();
                cluster.databases().comeBack();
                awaitJobs();
                blows.add(new Blow(strike, "database", begin, now()));
            }
            case RESTART -> {
                for (int node = 1; node <= StormCluster.WORKERS; node++) {
                    long begin = now();
                    StormProcess process = cluster.node(node);
                    process.leave();
                    process.option("wire", round % 2 == 0 ? "1,2" : "1,1");
                    process.start();
                    process.awaitReady();
                    well(strike, node, begin);
                }
            }
        }
    }

    private void strikeNode(Strike strike, int number, int round) throws IOException, InterruptedException {
        StormProcess node = cluster.node(number);
        if (strike == Strike.KILL) {
            long begin = now();
            List<ProcessHandle> children = node.kill();
            awaitJobs();
            long end = begin + ORPHANS_MILLIS;
            for (ProcessHandle child : children) {
                while (child.isAlive() && now() < end) {
                    Thread.sleep(20);
                }
                if (child.isAlive()) {
                    problems.add("a child outlives " + node.name() + ", which was killed");
                }
            }
            node.start();
            node.awaitReady();
            well(strike, number, begin);
        } else {
            StormProcess other = cluster.node(1 + number % StormCluster.WORKERS);
            expect(node, "lock", "locked");
            expect(node, write(), "written");
            ProcessHandle process = node.process().toHandle();
            List<ProcessHandle> stopped = round % 2 == 0 ? Signals.tree(process) : List.of(process);
            long begin = now();
            Signals.stop(stopped);
            expect(other, "lock", "locked");
            expect(other, write(), "written");
            Thread.sleep(Math.max(0, begin + longerThanALease() - now()));
            Signals.cont(stopped);
            expect(node, write(), "refused");
            expect(node, "unlock", "failed dev.heddle.cluster.LockLostException");
            expect(other, write(), "written");
            expect(other, "unlock", "unlocked");
            well(strike, number, begin);
        }
    }

    private String write() {
        return "write " + resource.port();
    }

    private void expect(StormProcess node, String line, String expected) throws IOException {
        String answer = node.ask(line);
        if (!answer.startsWith(expected)) {
            problems.add(node.name() + ", asked to " + line + ", should have " + expected + ": " + answer);
        }
    }

    private void strikeServer(Strike strike, Servers servers, int number) throws IOException, InterruptedException {
        long begin = now();
        if (strike == Strike.KILL) {
            servers.kill(number);
            if (servers.outliveOne()) {
                awaitJobs();
            }
            servers.restart(number);
        } else {
            List<ProcessHandle> stopped = servers.processes(number);
            Signals.stop(stopped);
            Thread.sleep(longerThanALease());
            Signals.cont(stopped);
        }
        awaitJobs();
        blows.add(new Blow(strike, "server " + number, begin, now()));
    }

    private long longerThanALease() {
        return plan.timeoutMillis() * 3 / 2;
    }

    /** Waits until a node is back, and jobs are done again. */
    private void well(Strike strike, int number, long begin) throws IOException, InterruptedException {
        StormProcess node = cluster.node(number);
        long end = now() + PATIENCE_MILLIS;
        String state = node.ask("state");
        while (!state.startsWith("joined")) {
            if (now() > end) {
                throw new IOException(node.name() + " does not come back: " + state);
            }
            Thread.sleep(50);
            state = node.ask("state");
        }
        awaitJobs();
        blows.add(new Blow(strike, node.name(), begin, now()));
    }

    private void awaitJobs() throws IOException, InterruptedException {
        long end = now() + PATIENCE_MILLIS;
        long enough = done(2) + JOBS_AFTER;
        while (done(2) < enough) {
            if (now() > end) {
                throw new IOException("jobs stand still: " + cluster.asker().ask("done"));
            }
            Thread.sleep(50);
        }
    }

    private void awaitEnd() throws IOException, InterruptedException {
        // As long as it takes, as long as it goes on.
        long end = now() + PATIENCE_MILLIS + 2L * plan.items() * plan.micros() / 1000;
        while (done(3) > 0) {
            if (now() > end) {
                throw new IOException("what was begun does not end: " + cluster.asker().ask("done"));
            }
            Thread.sleep(200);
        }
    }

    private long done(int what) throws IOException {
        return Long.parseLong(cluster.asker().ask("done").split(" ", -1)[what]);
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    @Override
    public String toString() {
        return plan + " in " + folder;
    }
}
