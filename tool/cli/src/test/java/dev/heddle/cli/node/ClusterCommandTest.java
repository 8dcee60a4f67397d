package dev.heddle.cli.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cli.CommandLine;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.Terminal;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.ClusterPoolOptions;
import dev.heddle.cluster.ClusterView;
import dev.heddle.cluster.JobFailedException;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobQuery;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.NodeSecurity;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster is shown as tables, or as JSON: its nodes, who has which lock, and its queues. */
final class ClusterCommandTest {

    private final InMemoryStore store = InMemoryStore.create();

    private interface Body {
        void run(Cluster cluster, ClusterView view) throws Exception;
    }

    private void shop(Body body) {
        Sim.run(() -> {
            ClusterOptions options = ClusterOptions.of("shop", store);
            Map<String, String> labels = Map.of("pool", "10.0.0.1:7100", "workers", "4", "store", "voter", "gpu",
                    "yes");
            try (Cluster cluster = Cluster.join(options.withNode("a").withLabels(labels));
                    ClusterView view = ClusterView.open(options)) {
                body.run(cluster, view);
            }
        });
    }

    @Test
    void nodesLocksAndQueuesAreShown() {
        shop((cluster, view) -> {
            assertEquals("""
                    NODE  POOL           WORKERS  BODIES  STORE  LABELS
                    a     10.0.0.1:7100        4          voter  gpu=yes
                    """, ClusterCommand.text(view));
            cluster.mutex("orders").acquire();
            cluster.jobs("mail").submit("send", Bytes.utf8("x"));
            cluster.jobs("mail").pause();
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals("""
                    NODE  POOL           WORKERS  BODIES  STORE  LABELS
                    a     10.0.0.1:7100        4          voter  gpu=yes

                    LOCK   NAME    HELD BY  WAITING
                    mutex  orders  a

                    QUEUE  WAITING  RUNNING  DEAD  ENDED  OLDEST  STATE
                    mail         1        0     0      0  1.00 s  paused; nobody handles send
                    """, ClusterCommand.text(view));
            cluster.mutex("orders").release();
        });
    }

    @Test
    void loadOfANodeIsShown() {
        Sim.run(() -> Sim.current().network().host("a").run(() -> {
            ClusterOptions options = ClusterOptions.of("shop", store);
            Map<String, String> labels = Map.of("pool", "a:7100", "workers", "1", "store", "voter");
            try (Cluster cluster = Cluster.join(options.withNode("a").withLabels(labels));
                    ClusterPool pool = ClusterPool.of(cluster, ClusterPoolOptions.of(7100, NodeSecurity.none()));
                    ClusterView view = ClusterView.open(options)) {
                pool.submit(() -> Heddle.sleep(Duration.ofSeconds(5)));
                pool.submit(() -> Heddle.sleep(Duration.ofSeconds(5)));
                Heddle.sleep(Duration.ofSeconds(3));
                assertEquals("""
                        NODE  POOL    WORKERS  BODIES  STORE  LABELS
                        a     a:7100        1       2  voter
                        """, ClusterCommand.text(view));
                assertTrue(ClusterCommand.json(view).contains(",\"bodies\":2,\"labels\":"), ClusterCommand.json(view));
            }
        }));
    }

    @Test
    void jsonHasALineForEach() {
        shop((cluster, view) -> {
            cluster.mutex("or\"ders").acquire();
            Heddle.sleep(Duration.ofSeconds(1));
            String[] lines = ClusterCommand.json(view).split("\n", -1);
            assertTrue(lines[0].startsWith("{\"kind\":\"node\",\"name\":\"a\",\"token\":"), lines[0]);
            assertTrue(lines[0].endsWith(
                    ",\"labels\":{\"gpu\":\"yes\",\"pool\":\"10.0.0.1:7100\",\"store\":\"voter\",\"workers\":\"4\"}}"),
                    lines[0]);
            assertEquals(
                    "{\"kind\":\"lock\",\"type\":\"mutex\",\"name\":\"or\\\"ders\",\"holders\":[\"a\"],\"waiting\":[]}",
                    lines[1]);
            cluster.mutex("or\"ders").release();
        });
    }

    @Test
    void jobsAreListedWithWhatTheyLastSaid() {
        shop((cluster, view) -> {
            Jobs mail = cluster.jobs("mail");
            mail.submit(JobSpec.of("send", Bytes.utf8("x")).withId("1").withMaxAttempts(1));
            try (JobSubscription _ = mail.handle("send", 1, _ -> {
                throw new IllegalStateException("no such mailbox");
            })) {
                Heddle.sleep(Duration.ofSeconds(5));
            }
            mail.submit(JobSpec.of("later", Bytes.utf8("y")).withId("2").withKey("order 7"));
            mail.submit(JobSpec.of("later", Bytes.utf8("y")).withId("3").withDelay(Duration.ofHours(1)));
            Heddle.sleep(Duration.ofSeconds(2));
            String text = JobsCommand.table(view.jobs("mail").list(), Heddle.currentLoop().engine().now());
            assertEquals(
                    """
                            JOB  KIND   KEY      STATUS          SINCE     AGE  ATTEMPTS  NODE  LAST SAID
                            1    send            dead           7.00 s  7.00 s         1        java.lang.IllegalStateException: no such mailbox
                            2    later  order 7  waiting        2.00 s  2.00 s         0
                            3    later           waiting  in 59:58 min  2.00 s         0
                            """,
                    text);
            assertTrue(
                    JobsCommand.json(view.jobs("mail").list()).startsWith(
                            "{\"kind\":\"job\",\"id\":\"1\",\"name\":\"send\",\"key\":\"\",\"status\":\"dead\",\"attempts\":1,"));
            assertEquals(
                    """
                            KIND   WAITING  RETRYING  RUNNING  SLOTS  DEAD  DONE  PER MIN  OLDEST  RUN 50 %  95 %  WAIT 50 %  95 %
                            later        2         0        0      0     0     0      0.0  2.00 s
                            send         0         0        0      0     1     0      0.0
                            """,
                    JobsCommand.kinds(view.jobs("mail").kinds()));
        });
    }

    @Test
    void jobThatWaitsForOthersSaysForWhich() {
        shop((cluster, view) -> {
            Jobs mail = cluster.jobs("mail");
            mail.submit(JobSpec.of("send", Bytes.utf8("x")).withId("1").withBatch("letters"));
            mail.submit(JobSpec.of("tell", Bytes.utf8("y")).withId("2").withAfter("1"));
            mail.submit(JobSpec.of("tell", Bytes.utf8("y")).withId("3").withAfterBatch("letters"));
            assertEquals(
                    """
                            JOB  KIND  KEY  STATUS    SINCE     AGE  ATTEMPTS  NODE  LAST SAID
                            1    send       waiting  0.0 ms  0.0 ms         0
                            2    tell       waiting          0.0 ms         0        waits for 1
                            3    tell       waiting          0.0 ms         0        waits for batch letters
                            """,
                    JobsCommand.table(mail.list(), Heddle.currentLoop().engine().now()));
            assertTrue(JobsCommand.json(mail.list())
                    .contains("\"batch\":\"\",\"awaitedBatch\":\"\",\"awaited\":\"1\""));
        });
    }

    /** What the command says while it does something with all jobs that fit. */
    private static String all(Jobs jobs, String verb, JobQuery filter, String answer, int exit) throws IOException {
        var told = new ByteArrayOutputStream();
        var stdio = new CommandStreams(new ByteArrayInputStream(answer.getBytes(UTF_8)), told, told, Terminal.NONE);
        assertEquals(exit, JobsCommand.all(verb, "mail", jobs, filter, answer.isEmpty(), stdio));
        return told.toString(UTF_8);
    }

    @Test
    void actOnAllThatFitSaysHowManyAndAsks() {
        shop((cluster, view) -> {
            Jobs mail = cluster.jobs("mail");
            for (int i = 0; i < 3; i++) {
                mail.submit(JobSpec.of(i == 0 ? "bill" : "send", Bytes.EMPTY).withDelay(Duration.ofHours(1)));
            }
            Jobs seen = view.jobs("mail");
            JobQuery send = JobQuery.ALL.withKind("send");
            assertEquals("cancel 2 jobs of mail? [y/N] nothing is done\n", all(seen, "cancel", send, "\n", 1));
            assertEquals("run 3 jobs of mail? [y/N] run: 3 jobs of mail\n",
                    all(seen, "run", JobQuery.ALL, "y\n", 0));
            assertEquals("cancel: 2 jobs of mail\n", all(seen, "cancel", send, "", 0));
            assertEquals("no job of mail fits\n", all(seen, "retry", JobQuery.ALL, "", 0));
            assertEquals(1, seen.list(JobQuery.ALL.withStatus(JobQuery.Status.WAITING), 10).found());
        });
    }

    @Test
    void jobIsShownWithTheStackOfItsFailure(@TempDir Path directory) {
        Path file = directory.resolve("shop.db");
        Heddle.run(() -> {
            try (Cluster cluster = Cluster.local(file)) {
                Jobs mail = cluster.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 1, _ -> {
                    throw new IllegalStateException("no such mailbox");
                })) {
                    JobHandle job = mail.submit(JobSpec.of("send", Bytes.EMPTY).withId("7").withMaxAttempts(1));
                    assertThrows(JobFailedException.class, job::join);
                }
            }
        });
        String[] where = {"--join", "sqlite:" + file, "--cluster", "local"};
        String shown = CommandLine.run(with(where, "jobs", "show", "mail", "7")).out();
        assertTrue(shown.contains("\n7: attempt 1 on "), shown);
        assertTrue(shown.contains("\n  java.lang.IllegalStateException: no such mailbox\n"), shown);
        assertTrue(shown.contains("ClusterCommandTest.lambda$"), shown);
        String json = CommandLine
                .run(with(where, "jobs", "list", "mail", "--status", "dead,waiting", "--search", "MAILBOX",
                        "--json"))
                .out();
        assertTrue(json.contains("\"failureMessage\":\"no such mailbox\""), json);
        assertEquals("", CommandLine.run(with(where, "jobs", "list", "mail", "--kind", "x", "--json")).out());
        assertEquals("discard: 1 job of mail\n",
                CommandLine.run(with(where, "jobs", "discard", "mail", "--all", "--yes")).err());
    }

    private static String[] with(String[] where, String... words) {
        return Stream.of(words, where).flatMap(Stream::of).toArray(String[]::new);
    }

    @Test
    void wrongWordsAreTold() {
        assertEquals(
                "heddle jobs: unknown verb retyr; did you mean retry?\nTry: heddle jobs --help\n",
                CommandLine.run("jobs", "retyr", "mail", "1").err());
        assertEquals(
                "heddle jobs: cancel needs the id of a job\nTry: heddle jobs --help\n",
                CommandLine.run("jobs", "cancel", "mail").err());
        assertTrue(CommandLine.run("jobs", "list", "mail", "--status", "sent").err()
                .contains("--status: sent is none of waiting, running, dead, done, cancelled"));
        assertTrue(CommandLine.run("jobs", "retry", "mail", "7", "--all").err().contains("takes a queue and no ids"));
        assertEquals(Exit.USAGE, CommandLine.run("cluster").exit());
        assertTrue(CommandLine.run("cluster", "--join", "zk1:2181").err().contains("--join needs --cluster NAME"));
    }

    @Test
    void tablesOfADatabaseAreShownAndMade(@TempDir Path directory) {
        CommandLine shown = CommandLine.run(
                "cluster", "init", "--print", "--join", "postgres://heddle@db.invalid/shop?schema=jobs");
        assertEquals(Exit.FINE, shown.exit(), shown.err());
        assertTrue(shown.out().startsWith("create schema jobs;\ncreate table jobs.version ("), shown.out());
        assertTrue(shown.out().endsWith(");\n"), shown.out());

        String store = "sqlite:" + directory.resolve("shop.db");
        assertEquals(Exit.FINE, CommandLine.run("cluster", "init", "--join", store).exit());
        assertTrue(Files.isRegularFile(directory.resolve("shop.db")));
        assertEquals(Exit.FINE, CommandLine.run("cluster", "init", "--join", store).exit());
        assertEquals(
                "heddle cluster: ZooKeeper at zk1:2181 has no tables to make: nodes can use it as it is\n"
                        + "Try: heddle cluster --help\n",
                CommandLine.run("cluster", "init", "--join", "zk1:2181").err());
        CommandLine nowhere = CommandLine.run("cluster", "init", "--join", "sqlite:" + directory + "/none/shop.db");
        assertEquals(Exit.NOT_ALL, nowhere.exit());
        assertTrue(nowhere.err().contains("its directory must be there"), nowhere.err());
    }

    @Test
    void clusterInAFileIsShownByItsAddress(@TempDir Path directory) {
        Path file = directory.resolve("shop.db");
        Heddle.run(() -> {
            try (Cluster cluster = Cluster.local(file)) {
                cluster.jobs("mail").submit(JobSpec.of("send", Bytes.utf8("x")).withId("7"));
            }
        });
        CommandLine jobs = CommandLine.run("jobs", "list", "mail", "--join", "sqlite:" + file);
        assertEquals(Exit.FINE, jobs.exit(), jobs.err());
        assertTrue(jobs.out().contains("7    send       waiting"), jobs.out());
    }

    @Test
    void nodeThatDoesNotRunHereIsTold(@TempDir Path directory) {
        String shop = directory.resolve("shop").toString();
        CommandLine.run("node", "init", shop, "a=127.0.0.1:7100");
        CommandLine run = CommandLine.run("cluster", "--embedded", shop + "/a");
        assertEquals(Exit.NOT_ALL, run.exit());
        assertEquals("heddle cluster: no server runs in " + shop + "/a/store\n", run.err());
    }
}
