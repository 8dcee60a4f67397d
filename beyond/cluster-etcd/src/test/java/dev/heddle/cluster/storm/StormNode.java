package dev.heddle.cluster.storm;

import dev.heddle.Heddle;
import dev.heddle.WaitReport;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterMutex;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.ClusterPoolOptions;
import dev.heddle.cluster.JobAttempt;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsOptions;
import dev.heddle.cluster.NodeSecurity;
import dev.heddle.cluster.Token;
import dev.heddle.cluster.WireVersions;
import dev.heddle.cluster.etcd.EtcdStore;
import dev.heddle.cluster.postgres.PostgresStore;
import dev.heddle.cluster.postgres.RealPostgres;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.zookeeper.EmbeddedOptions;
import dev.heddle.cluster.zookeeper.EmbeddedZooKeeper;
import dev.heddle.cluster.zookeeper.PemFiles;
import dev.heddle.cluster.zookeeper.ZooKeeperPeer;
import dev.heddle.cluster.zookeeper.ZooKeeperStore;
import dev.heddle.net.Tcp;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node of a cluster as a program of its own. Its arguments are words {@code key=value}, see {@link StormProcess}. It
 * says {@code ready}, answers each line of its input by one of its output, and leaves the cluster when its input ends.
 */
public final class StormNode {

    /** The name of the jobs. */
    static final String JOB = "work";

    private static final String QUEUE = "storm";
    private static final Duration JOB_TIME = Duration.ofMillis(40);

    /** What the payload of a job begins with that would outlast its node's lease. */
    static final String LONG = "long";
    private static final Duration JOINING = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofMillis(200);

    private static final PrintStream ANSWERS = System.out;

    private final Map<String, String> options;
    private final Path folder;
    private final String name;

    private StormNode(Map<String, String> options) {
        this.options = options;
        this.folder = Path.of(option("folder"));
        this.name = option("name");
    }

    public static void main(String[] arguments) {
        Map<String, String> options = new HashMap<>();
        for (String argument : arguments) {
            int end = argument.indexOf('=');
            options.put(argument.substring(0, end), argument.substring(end + 1));
        }
        System.setOut(System.err); // ZooKeeper says there what it throws away
        var node = new StormNode(options);
        Thread.ofPlatform().daemon().name("dumps").start(node::dumpWhereWished);
        Heddle.run(() -> node.run());
        System.exit(0);
    }

    /** A file that is there when it is to write into its log what its tasks wait for; it takes it away then. */
    static Path wishForADump(Path folder, String name) {
        return folder.resolve(name + ".dump");
    }

    private void dumpWhereWished() {
        Path wish = wishForADump(folder, name);
        try {
            while (true) {
                Thread.sleep(500);
                if (Files.exists(wish)) {
                    System.err.println(WaitReport.capture());
                    Files.deleteIfExists(wish);
                }
            }
        } catch (InterruptedException | IOException e) {
            System.err.println("no more dumps: " + e);
        }
    }

    private String option(String key) {
        return Objects.requireNonNull(options.get(key), key);
    }

    private List<String> list(String key) {
        return List.of(option(key).split(",", -1));
    }

    // ---- its life ----

    private void run() throws Exception {
        if (options.containsKey("peer")) {
            try (EmbeddedZooKeeper server = EmbeddedZooKeeper.found(server())) {
                run(server, server);
            }
        } else {
            run(switch (Storm.Engine.valueOf(option("engine"))) {
                case ETCD -> EtcdStore.at(list("servers").stream().map("http://"::concat).toArray(String[]::new));
                case POSTGRES -> PostgresStore.at(option("servers")).withUser("heddle", RealPostgres.PASSWORD);
                case ZOOKEEPER -> ZooKeeperStore.connect(option("servers"));
                case EMBEDDED -> throw new IllegalArgumentException("its servers are in the nodes");
            }, null);
        }
    }

    private EmbeddedOptions server() {
        List<ZooKeeperPeer> peers = new ArrayList<>();
        for (String peer : list("peers")) {
            String[] words = peer.split("/", -1);
            int quorum = Integer.parseInt(words[2]);
            int election = Integer.parseInt(words[3]);
            peers.add(words[4].equals("voter")
                    ? ZooKeeperPeer.voter(Integer.parseInt(words[0]), words[1], quorum, election)
                    : ZooKeeperPeer.observer(Integer.parseInt(words[0]), words[1], quorum, election));
        }
        int self = Integer.parseInt(option("peer"));
        ZooKeeperPeer own = peers.stream().filter(peer -> peer.id() == self).findFirst().orElseThrow();
        peers.remove(own);
        Path directory = folder.resolve("zookeeper-" + name);
        ZooKeeperPeer[] others = peers.toArray(ZooKeeperPeer[]::new);
        return (options.containsKey("keys")
                ? EmbeddedOptions.withTls(
                        new PemFiles(keys("identity.pem"), keys("cert.pem")), directory, own, others)
                : EmbeddedOptions.of(directory, own, others))
                .withTick(TICK)
                .withPatience(Duration.ofSeconds(60));
    }

    private Path keys(String file) {
        return Path.of(option("keys")).resolve(file);
    }

    private void run(StoreEngine store, @Nullable EmbeddedZooKeeper server) throws Exception {
        ClusterOptions joining = ClusterOptions.of("storm", store)
                .withNode(name)
                .withTimeout(Duration.ofMillis(Long.parseLong(option("timeout"))))
                .withLabels(works() ? Map.of(ClusterPool.ADDRESS, option("address")) : Map.of());
        NodeSecurity security = options.containsKey("keys")
                ? NodeSecurity.mutualTls(
                        TlsIdentity.pem(keys("cert.pem"), keys("key.pem")), TlsTrust.pem(keys("cert.pem")))
                : NodeSecurity.none();
        ClusterPoolOptions pooling = ClusterPoolOptions.of(Integer.parseInt(option("pool")), security)
                .withProcesses(ProcessPoolOptions.DEFAULT
                        .withWorkers(1)
                        .withJvmArguments(StormJvm.ofChildren()));
        List<Integer> wire = list("wire").stream().map(Integer::parseInt).toList();
        try (Cluster cluster = join(joining);
                ClusterPool pool = WireVersions.pool(cluster, pooling, wire.getFirst(), wire.getLast())) {
            Jobs jobs = cluster.jobs(QUEUE,
                    JobsOptions.DEFAULT.withKeepResults(Duration.ofHours(1)).withMaxResults(5000));
            if (works()) {
                Journal journal = new Journal(folder, "jobs", name);
                JobSubscription handling = jobs.handle(JOB, 3, job -> handle(journal, job));
                serve(cluster, pool, jobs, server);
                handling.drain();
            } else {
                serve(cluster, pool, jobs, server);
            }
        }
    }

    /** Joins, and tries again while the servers are busy with their start, as what starts a service would. */
    private static Cluster join(ClusterOptions joining) {
        long end = System.nanoTime() + JOINING.toNanos();
        while (true) {
            try {
                return Cluster.join(joining);
            } catch (StoreUnavailableException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private boolean works() {
        return options.containsKey("address");
    }

    private Bytes handle(Journal journal, JobAttempt job) {
        journal.write(job.id(), job.attempt(), name, "begin");
        String end = "cancelled";
        try {
            boolean isLong = job.payload().utf8().startsWith(LONG);
            Heddle.sleep(isLong ? Duration.ofMillis(Long.parseLong(option("long"))) : JOB_TIME);
            end = "end";
        } finally {
            journal.write(job.id(), job.attempt(), name, end);
        }
        return Bytes.utf8("done " + job.payload().utf8());
    }

    // ---- what it is asked ----

    private void serve(Cluster cluster, ClusterPool pool, Jobs jobs, @Nullable EmbeddedZooKeeper server) {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ANSWERS.println("ready");
        StormLoad load = null;
        Locker locker = new Locker(cluster.mutex("resource"));
        for (String line = read(input); line != null; line = read(input)) {
            String[] words = line.split(" ", -1);
            String answer;
            try {
                answer = switch (words[0]) {
                    case "load" -> {
                        load = new StormLoad(
                                folder, name, pool, jobs, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                        load.start();
                        yield "loading";
                    }
                    case "done" -> Objects.requireNonNull(load).done();
                    case "stop" -> {
                        Objects.requireNonNull(load).stop();
                        yield "stopping";
                    }
                    case "state" -> (cluster.isJoined() ? "joined" : "apart") + ' '
                            + (server == null ? "" : server.state());
                    case "members" -> Integer.toString(cluster.members().size());
                    case "lock" -> locker.lock();
                    case "write" -> locker.write(Integer.parseInt(words[1]));
                    case "unlock" -> locker.unlock();
                    default -> throw new IllegalArgumentException(line);
                };
            } catch (RuntimeException e) {
                answer = "failed " + e.toString().replace('\n', ' ');
            }
            ANSWERS.println(answer);
        }
    }

    private static @Nullable String read(BufferedReader input) {
        return Heddle.offload(input::readLine);
    }

    /** A holder of a lock that does not look whether it still holds it before it writes. */
    private static final class Locker {
        private final ClusterMutex mutex;
        private @Nullable Token token;

        Locker(ClusterMutex mutex) {
            this.mutex = mutex;
        }

        String lock() {
            mutex.acquire();
            Token now = mutex.token();
            token = now;
            return "locked " + now.incarnation() + ' ' + now.order();
        }

        /** Writes to the resource at a port, with its token. */
        String write(int port) {
            Token old = Objects.requireNonNull(token);
            try (var stream = Tcp.connect("127.0.0.1", port)) {
                stream.write(old.incarnation() + " " + old.order() + '\n');
                stream.closeOutput();
                return new String(stream.readAll(1000), StandardCharsets.UTF_8);
            }
        }

        String unlock() {
            mutex.release();
            return "unlocked";
        }
    }
}
