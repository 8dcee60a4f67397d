package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.Cron;
import dev.heddle.Task;
import dev.heddle.Tasks;
import dev.heddle.cluster.BodyLostException;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterMap;
import dev.heddle.cluster.ClusterMutex;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.ClusterPoolOptions;
import dev.heddle.cluster.ClusterSessions;
import dev.heddle.cluster.ClusterTopic;
import dev.heddle.cluster.ClusterTopicEvent;
import dev.heddle.cluster.JobBatch;
import dev.heddle.cluster.JobCodec;
import dev.heddle.cluster.JobFailure;
import dev.heddle.cluster.JobFilter;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobHandlerOptions;
import dev.heddle.cluster.JobKind;
import dev.heddle.cluster.JobLimit;
import dev.heddle.cluster.JobQuery;
import dev.heddle.cluster.JobScheduleSnapshot;
import dev.heddle.cluster.JobSnapshot;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.JobTimes;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsOptions;
import dev.heddle.cluster.LockLostException;
import dev.heddle.cluster.MemberEvent;
import dev.heddle.cluster.NodeSecurity;
import dev.heddle.cluster.Token;
import dev.heddle.cluster.etcd.EtcdStore;
import dev.heddle.cluster.postgres.PostgresStore;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.StoreAddress;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.zookeeper.EmbeddedOptions;
import dev.heddle.cluster.zookeeper.EmbeddedZooKeeper;
import dev.heddle.cluster.zookeeper.PemFiles;
import dev.heddle.cluster.zookeeper.ZooKeeperPeer;
import dev.heddle.cluster.zookeeper.ZooKeeperStore;
import dev.heddle.conformance.FreePorts;
import dev.heddle.examples.Output;
import dev.heddle.http.server.HealthCheck;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.server.Sessions;
import dev.heddle.http.testing.TestClient;
import dev.heddle.observe.Metrics;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.RemotePool;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimStore;
import dev.heddle.sync.Subscription;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** The code of the guide's chapter on clusters. */
final class BeyondOneMachineTest {

    /** What a mutex guards, and who looks at the token. */
    private static final class Ledger {

        private Token highest = new Token(0, 0);
        private int entries;

        private void write(Token token) {
            if (token.compareTo(highest) < 0) {
                throw new IllegalStateException("somebody with a higher token was here: " + highest);
            }
            highest = token;
            entries++;
        }
    }

    @Test
    void clusterOfOneNodeIsThereAtOnce() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                cluster.mutex("orders").run(() -> IO.println("alone, and with a lock"));
            }
        }));
        assertEquals(List.of("alone, and with a lock"), told);
    }

    @Test
    void membersAreSeenToComeAndGo() {
        StoreEngine store = InMemoryStore.create();
        List<String> told = Output.of(() -> Sim.run(() -> {
            ClusterOptions shop = ClusterOptions.of("shop", store);
            try (Cluster kitchen = Cluster.join(shop.withNode("kitchen"));
                    Subscription<MemberEvent> events = kitchen.memberEvents(100)) {
                spawn(() -> {
                    try (Cluster _ = Cluster.join(shop.withNode("bar").withLabels(Map.of("ice", "yes")))) {
                        sleep(Duration.ofSeconds(1));
                    }
                });
                for (int i = 0; i < 2; i++) {
                    switch (events.receive()) {
                        case MemberEvent.Up up -> IO.println("hello " + up.member().name());
                        case MemberEvent.Gone gone -> IO.println("farewell " + gone.member().name());
                    }
                }
            }
        }));
        assertEquals(List.of("hello bar", "farewell bar"), told);
    }

    @Test
    void mutexGivesATokenThatTheGuardedThingChecks() {
        StoreEngine store = InMemoryStore.create();
        Ledger ledger = new Ledger();
        Sim.run(() -> {
            ClusterOptions shop = ClusterOptions.of("shop", store);
            try (Cluster a = Cluster.join(shop);
                    Cluster b = Cluster.join(shop)) {
                gather(() -> book(a, ledger), () -> book(b, ledger));
            }
        });
        assertEquals(200, ledger.entries);
    }

    private static void book(Cluster cluster, Ledger ledger) {
        ClusterMutex orders = cluster.mutex("orders");
        for (int i = 0; i < 100; i++) {
            orders.run(() -> ledger.write(orders.token()));
        }
    }

    private static Routes shop(Cluster cluster) {
        return Routes.create()
                .use(Sessions.in(ClusterSessions.in(cluster.map("sessions", 10_000))))
                .get("/", request -> Response.text("hello " + request.session().get("user").orElse("stranger")))
                .get("/login/{user}", request -> {
                    request.session().renewId();
                    request.session().put("user", request.path("user"));
                    return Response.text("welcome");
                });
    }

    @Test
    void visitorOfOneNodeIsKnownOnTheOther() {
        StoreEngine store = InMemoryStore.create();
        Sim.run(() -> {
            ClusterOptions options = ClusterOptions.of("shop", store);
            try (Cluster a = Cluster.join(options);
                    Cluster b = Cluster.join(options);
                    TestClient one = TestClient.of(shop(a));
                    TestClient two = TestClient.of(shop(b))) {
                String cookie = one.get("/login/Ada").headers().get("Set-Cookie").orElseThrow().split(";", 2)[0];
                assertEquals("hello Ada", two.request("GET", "/").header("Cookie", cookie).send().text());
                assertEquals("hello stranger", two.get("/").text());
            }
        });
    }

    private static int cook(RemotePool pool) {
        return pool.map(List.of(1, 2, 3), n -> n * n).stream().mapToInt(n -> n).sum();
    }

    @Test
    void poolOfProcessesBecomesOneOfTheClusterByALine() {
        StoreEngine store = InMemoryStore.create();
        NodeSecurity security = NodeSecurity.none();
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (RemotePool pool = ProcessPool.of(4)) {
                IO.println(cook(pool));
            }
            Sim.current().network().host("kitchen").run(() -> {
                ClusterOptions shop = ClusterOptions.of("shop", store)
                        .withLabels(Map.of(ClusterPool.ADDRESS, "kitchen:7400"));
                try (Cluster cluster = Cluster.join(shop);
                        RemotePool pool = ClusterPool.of(cluster, ClusterPoolOptions.of(7400, security))) {
                    IO.println(cook(pool));
                }
            });
        }));
        assertEquals(List.of("14", "14"), told);
    }

    private static String paint(String what) {
        return what + " at " + ClusterPool.node();
    }

    private static void charge(String order) {
        IO.println("attempt " + ClusterPool.attempt() + " to charge " + order);
        sleep(Duration.ofMinutes(1));
    }

    @Test
    void bodiesChooseTheirNode() {
        StoreEngine store = InMemoryStore.create();
        List<String> told = Output.of(() -> Sim.run(() -> {
            Place kitchen = Place.of("kitchen", store, Map.of());
            Place bar = Place.of("bar", store, Map.of("gpu", "yes"));
            ClusterPool pool = kitchen.pool();
            String picture = pool.on("gpu", "yes").call(() -> paint("a cake"));
            Future<String> where = pool.near("customer 7").submit(() -> ClusterPool.node());
            List<Integer> squares = pool.retrying(5).map(List.of(1, 2, 3), n -> n * n);
            IO.println(picture + ", " + squares);
            assertEquals(where.get(), pool.near("customer 7").call(() -> ClusterPool.node()));
            bar.leave();
            kitchen.leave();
        }));
        assertEquals(List.of("a cake at bar, [1, 4, 9]"), told);
    }

    @Test
    void bodyOfALostNodeMayHaveBegun() {
        StoreEngine store = InMemoryStore.create();
        List<String> told = Output.of(() -> Sim.run(() -> {
            Place kitchen = Place.of("kitchen", store, Map.of());
            Place bar = Place.of("bar", store, Map.of("gpu", "yes"));
            ClusterPool pool = kitchen.pool();
            spawn(() -> {
                sleep(Duration.ofSeconds(5));
                bar.cluster().close();
            });
            try {
                pool.on("gpu", "yes").run(() -> charge("order 7"));
            } catch (BodyLostException lost) {
                IO.println(lost.node() + " is lost, and may have charged");
            }
            bar.leave();
            kitchen.leave();
        }));
        assertEquals(List.of("attempt 1 to charge order 7", "bar is lost, and may have charged"), told);
    }

    @Test
    void storesOfACompanyDoNotTellTheirPasswords() {
        String password = "sesame";
        StoreEngine zookeeper = ZooKeeperStore.connect("zk1:2181,zk2:2181,zk3:2181").withDigest("heddle", password);
        StoreEngine etcd = EtcdStore.at("https://etcd1:2379", "https://etcd2:2379").withUser("heddle", password);
        PostgresStore postgres = PostgresStore.at("jdbc:postgresql://db.example.org/shop?sslmode=verify-full")
                .withUser("heddle", password);
        StoreEngine configured = StoreAddress.of("postgres://heddle@db.example.org/shop?schema=jobs")
                .withUser("heddle", password)
                .connect();
        assertFalse((zookeeper + " " + etcd + " " + postgres + " " + configured).contains(password));
    }

    @Test
    @Tag("full")
    void fileKeepsWhatTheNodesOfAMachineAgreeOn(@TempDir Path data) {
        List<String> told = Output.of(() -> run(() -> serve(data.resolve("shop.db"))));
        assertEquals(List.of("sent to ada@example.org"), told);
    }

    private static void serve(Path file) {
        try (Cluster cluster = Cluster.local(file)) {
            Jobs mail = cluster.jobs("mail");
            try (JobSubscription _ = mail.handle("send", 4, job -> Bytes.utf8("sent to " + job.payload().utf8()))) {
                IO.println(mail.submit("send", Bytes.utf8("ada@example.org")).join().utf8());
            }
        }
    }

    private static void workUntilStopped(StoreEngine store, String pod) {
        try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", store).withNode(pod));
                JobSubscription mail = cluster.jobs("mail").handle("send", 8, job -> send(job.payload()))) {
            try {
                HttpServer.builder()
                        .get("/metrics", request -> Response.text(offload(Metrics::text)))
                        .health("/alive")
                        .readiness("/ready", HealthCheck.of("cluster", () -> requireJoined(cluster)))
                        .serve("0.0.0.0", 8080); // until SIGTERM
            } finally {
                shield(() -> moveOnAfter(Duration.ofSeconds(20), mail::drain));
            }
        }
    }

    @Test
    void deadLettersAreSearchedAndRetried() {
        assertEquals(List.of("a: refused by the server", "1 begin again"), Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                mail.submit(JobSpec.of("send", Bytes.EMPTY).withId("a").withMaxAttempts(1));
                try (JobSubscription _ = mail.handle("send", 1, _ -> {
                    throw new IllegalStateException("refused by the server");
                })) {
                    sleep(Duration.ofSeconds(5));
                }
                JobQuery refused = JobQuery.ALL.withKind("send").withStatus(JobQuery.Status.DEAD).withText("refused");
                for (JobSnapshot job : mail.list(refused, 20).jobs()) {
                    IO.println(job.id() + ": " + job.failure().map(JobFailure::message).orElse(""));
                }
                IO.println(mail.retryAll(refused) + " begin again");
            }
        })));
    }

    private static Bytes send(Bytes letter) {
        sleep(Duration.ofSeconds(5));
        IO.println("sent to " + letter.utf8());
        return Bytes.EMPTY;
    }

    private static void requireJoined(Cluster cluster) {
        if (!cluster.isJoined()) {
            throw new IllegalStateException("apart");
        }
    }

    @Test
    void workerEndsItsJobsWhenItIsStopped() {
        StoreEngine store = InMemoryStore.create();
        assertEquals(List.of("sent to ada"), Output.of(() -> Sim.run(() -> {
            Task<Void> pod = spawn(() -> workUntilStopped(store, "worker-1"));
            try (Cluster shop = Cluster.join(ClusterOptions.of("shop", store))) {
                JobHandle job = shop.jobs("mail").submit("send", Bytes.utf8("ada"));
                sleep(Duration.ofSeconds(2));
                pod.cancel("SIGTERM");
                job.join();
            }
        })));
    }

    @Test
    @Tag("full")
    void nodeHasAServerOfTheEnsembleInItsOwnJvm(@TempDir Path data) throws Exception {
        TlsAuthority ours = TlsAuthority.create("shop", Duration.ofDays(3650));
        Path identity = Files.writeString(
                data.resolve("kitchen.pem"), ours.issue(Duration.ofDays(365), "127.0.0.1").pem());
        Path trust = Files.writeString(data.resolve("trust.pem"), ours.identity().chainPem());
        List<String> told = Output.of(() -> run(() -> serve(
                new PemFiles(identity, trust), data.resolve("zookeeper"),
                ZooKeeperPeer.voter(1, "127.0.0.1", FreePorts.next(), FreePorts.next()))));
        assertEquals(List.of("kitchen, whose server is leading"), told);
    }

    private static void serve(PemFiles keys, Path data, ZooKeeperPeer self, ZooKeeperPeer... others) {
        EmbeddedOptions options = EmbeddedOptions.withTls(keys, data, self, others);
        try (EmbeddedZooKeeper server = EmbeddedZooKeeper.found(options);
                Cluster cluster = Cluster.join(ClusterOptions.of("shop", server).withNode("kitchen"))) {
            IO.println(cluster.self().name() + ", whose server is " + server.state());
        }
    }

    @Test
    @Tag("full")
    void programOfTheThreeTerminalsAddsSquares() {
        StoreEngine store = InMemoryStore.create();
        List<String> told = Output.of(() -> Sim.run(() -> Sim.current().network().host("a").run(() -> {
            ClusterOptions shop = ClusterOptions.of("shop", store).withLabels(Map.of(ClusterPool.ADDRESS, "a:7100"));
            try (Cluster cluster = Cluster.join(shop);
                    ClusterPool pool = ClusterPool.of(cluster, ClusterPoolOptions.of(7100, NodeSecurity.none()))) {
                new Squares().run(cluster, pool, List.of("0"));
            }
        })));
        assertEquals(List.of("2668667000"), told);
    }

    @Test
    @Tag("full")
    void nodesThatShowCertificatesOfOneAuthorityWorkForEachOther() {
        StoreEngine store = InMemoryStore.create();
        List<String> told = Output.of(() -> Sim.run(() -> Sim.current().network().host("kitchen").run(() -> {
            TlsAuthority ours = TlsAuthority.create("shop", Duration.ofDays(3650));
            TlsIdentity kitchen = ours.issue(Duration.ofDays(365), "kitchen", "10.0.0.1");
            NodeSecurity security = NodeSecurity.mutualTls(kitchen, ours.trust());
            ClusterOptions shop = ClusterOptions.of("shop", store)
                    .withLabels(Map.of(ClusterPool.ADDRESS, "kitchen:7400"));
            try (Cluster cluster = Cluster.join(shop);
                    RemotePool pool = ClusterPool.of(cluster, ClusterPoolOptions.of(7400, security))) {
                IO.println(cook(pool));
            }
        })));
        assertEquals(List.of("14"), told);
    }

    private static int compute() {
        return 42;
    }

    private static void sendBills(Token token) {
        IO.println("bills" + (token.order() > 0 ? "" : " without a token"));
    }

    @Test
    void everythingElseHasANameAsWell() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                spawn(() -> cluster.barrier("ready", 3).await());
                spawn(() -> cluster.barrier("ready", 3).await());
                cluster.semaphore("licences", 3).run(() -> compute());      // three nodes, or three tasks of one
                cluster.leader("billing").lead(token -> sendBills(token)); // waits until this node leads
                cluster.barrier("ready", 3).await();                        // three must have come here
                cluster.limiter("calls", 50, 10).acquire();                 // 50 a second, 10 at once
                long invoice = cluster.counter("invoices").add(1);
                assertEquals(1, invoice);
            }
        }));
        assertEquals(List.of("bills"), told);
    }

    @Test
    void mapIsChangedByVersionAndTopicTellsWhatWasMissed() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                ClusterMap settings = cluster.map("settings", 100);
                settings.put("rate", Bytes.utf8("10"));
                ClusterMap.Value old = settings.get("rate").orElseThrow();
                OptionalLong changed = settings.compareAndSet("rate", old.version(), Bytes.utf8("20"));
                IO.println(changed.isPresent() ? "20 from now on" : "somebody was faster");

                ClusterTopic prices = cluster.topic("prices", 100);
                try (Subscription<ClusterTopicEvent> mine = prices.subscribe(100)) {
                    sleep(Duration.ofSeconds(1));
                    prices.publish(Bytes.utf8("ACME 12"));
                    switch (mine.receive()) {
                        case ClusterTopicEvent.Message news -> IO.println(news.number() + ": " + news.value().utf8());
                        case ClusterTopicEvent.Missed gap -> IO.println("missed " + gap.first() + " to " + gap.last());
                    }
                }
            }
        }));
        assertEquals(List.of("20 from now on", "1: ACME 12"), told);
    }

    private static void bookTwenty(StoreEngine store, Ledger ledger) {
        try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", store))) {
            ClusterMutex orders = cluster.mutex("orders");
            for (int booked = 0; booked < 20;) {
                try {
                    orders.run(() -> {
                        sleep(Duration.ofSeconds(1));
                        ledger.write(orders.token());
                    });
                    booked++;
                } catch (LockLostException _) {
                    checkpoint();                            // once more, when it is our turn again
                }
            }
        }
    }

    @Test
    @Tag("full")
    void everyBookingIsMadeWhateverHappensToTheNodes() {
        Sim.seeds(SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofHours(1)), 20, sim -> {
            SimStore store = SimStore.create(3);
            SimHost kitchen = sim.network().host("kitchen");
            SimHost bar = sim.network().host("bar");
            Ledger ledger = new Ledger();
            Task<Void> first = kitchen.spawn(() -> bookTwenty(store, ledger));
            Task<Void> second = bar.spawn(() -> bookTwenty(store, ledger));
            sleep(Duration.ofSeconds(5));
            kitchen.isolate();                               // somebody pulls its cable
            sleep(Duration.ofSeconds(20));
            kitchen.rejoin();
            bar.stall(Duration.ofSeconds(30));               // a very long collection of garbage
            store.crash(store.leaderHost().orElseThrow());
            Tasks.joinAll(List.of(first, second));
            assertTrue(ledger.entries >= 40);
        });
    }

    @Test
    void jobIsDoneByWhoHandlesItsName() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 4,
                        job -> Bytes.utf8("sent to " + job.payload().utf8()))) {
                    JobHandle job = mail.submit("send", Bytes.utf8("ada@example.org"));
                    IO.println(job.join().utf8());
                }
            }
        }));
        assertEquals(List.of("sent to ada@example.org"), told);
    }

    @Test
    void jobWaitsAndIsCancelled() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                JobSpec invoice = JobSpec.of("invoice", Bytes.utf8("7"))
                        .withId("invoice 7")                    // submitted once, however often it is asked for
                        .withKey("customer 1")                  // no two that have not ended
                        .withPriority(9)
                        .withDelay(Duration.ofMinutes(5))
                        .withMaxAttempts(3);
                JobHandle job = mail.submit(invoice);
                IO.println(job.status());
                job.cancel();
                mail.schedule("nightly", Cron.of("0 3 * * *", ZoneId.of("Europe/Zurich")),
                        JobSpec.of("report", Bytes.EMPTY));
            }
        }));
        assertEquals(1, told.size());
    }

    record Order(String item, int count) {}

    static final JobKind<Order> SHIP = JobKind.of("ship", new JobCodec<>() {

        @Override
        public Bytes encode(Order order) {
            return Bytes.utf8("2 " + order.count() + " " + order.item());
        }

        @Override
        public Order decode(Bytes payload) {
            String[] fields = payload.utf8().split(" ", 3);
            return switch (fields[0]) {
                case "1" -> new Order(fields[1], 1);    // of last year
                case "2" -> new Order(fields[2], Integer.parseInt(fields[1]));
                default -> throw new IllegalArgumentException("an order of version " + fields[0]);
            };
        }
    });

    @Test
    void payloadsHaveATypeAndAttemptsAFilter() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                JobFilter timed = (job, next) -> {
                    long begin = currentLoop().nanoTime();
                    try {
                        return next.handle(job);
                    } finally {
                        IO.println(job + " took " + Duration.ofNanos(currentLoop().nanoTime() - begin));
                    }
                };
                try (JobSubscription _ = mail.handle(SHIP, 4, JobHandlerOptions.DEFAULT.withFilter(timed),
                        (order, job) -> Bytes.utf8(order.count() + " " + order.item() + " shipped"))) {
                    IO.println(mail.submit(SHIP, new Order("tea", 3)).join().utf8());
                }
                assertEquals(new Order("cup", 1), SHIP.codec().decode(Bytes.utf8("1 cup")));
            }
        }));
        assertEquals(2, told.size());
        assertEquals("3 tea shipped", told.getLast());
    }

    private static void place(DataSource shop, Jobs letters, String id, String item) throws SQLException {
        try (Connection connection = shop.getConnection();
                PreparedStatement order = connection.prepareStatement("INSERT INTO orders (id, item) VALUES (?, ?)")) {
            connection.setAutoCommit(false);
            order.setString(1, id);
            order.setString(2, item);
            order.executeUpdate();
            letters.submit(connection, JobSpec.of("confirm", Bytes.utf8(id)).withId("order " + id));
            connection.commit();
        }
    }

    @Test
    void jobIsSubmittedWithTheOrderThatItBelongsTo(@TempDir Path directory) {
        Path file = directory.resolve("shop.db");
        var shop = new SQLiteDataSource();
        shop.setUrl("jdbc:sqlite:" + file);
        run(() -> {
            try (Cluster cluster = Cluster.local(file)) {
                Jobs letters = cluster.jobs("letters");
                letters.handle("confirm", 1, job -> job.payload());
                offload(() -> {
                    try (Connection connection = shop.getConnection(); Statement table = connection.createStatement()) {
                        table.execute("CREATE TABLE orders (id TEXT, item TEXT)");
                    }
                    place(shop, letters, "7", "tea");
                    return null;
                });
                assertEquals("7", letters.job("order 7").join().utf8());
            }
        });
    }

    @Test
    void schedulesAreListedAndRunByHand() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                mail.schedule("refresh", JobTimes.every(Duration.ofMinutes(10)).withMaxMissed(0),
                        JobSpec.of("refresh", Bytes.EMPTY));
                for (JobScheduleSnapshot each : mail.schedules()) {
                    IO.println(each.name() + ": " + each.times() + ", next " + each.next() + ", last " + each.last());
                }
                mail.submitScheduled("refresh").cancel();       // one now, beside its times
                mail.pause("report");                           // the jobs of one name, until resume("report")
            }
        }));
        assertEquals(List.of("refresh: every 10 min, next Optional.empty, last Optional.empty"), told);
    }

    @Test
    void jobWaitsForThoseThatMustBeDoneBefore() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                mail.submitAll(List.of(
                        JobSpec.of("extract", Bytes.utf8("monday")).withId("extract monday"),
                        JobSpec.of("check", Bytes.utf8("monday")).withId("check monday"),
                        JobSpec.of("load", Bytes.utf8("monday")).withId("load monday")
                                .withAfter("extract monday", "check monday")));
                mail.handle("extract", 1, job -> Bytes.utf8("7 rows"));
                mail.handle("check", 1, job -> Bytes.utf8("good"));
                mail.handle("load", 1, job -> Bytes.utf8(
                        job.resultOf(job.after().getFirst()).utf8() + ", " + job.resultOf("check monday").utf8()));
                assertEquals("7 rows, good", mail.job("load monday").join().utf8());
            }
        });
    }

    @Test
    void jobAfterABatchSeesItsNumbers() {
        Sim.run(() -> {
            List<String> addresses = List.of("ada@example.org", "bob@example.org");
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                for (String address : addresses) {
                    mail.submit(JobSpec.of("letter", Bytes.utf8(address)).withBatch("letters of november"));
                }
                mail.submit(JobSpec.of("report", Bytes.utf8("november"))
                        .withAfterBatch("letters of november").withAfterAnyEnd(true));
                mail.handle("report", 1, job -> {
                    JobBatch letters = mail.batch("letters of november");
                    return Bytes.utf8(letters.done() + " sent, " + letters.dead() + " failed");
                });
                mail.handle("letter", 1, job -> job.payload());
                JobSpec last = JobSpec.of("letter", Bytes.EMPTY).withAfter(mail.list().getLast().id());
                assertEquals("", mail.submit(last).join().utf8());
            }
        });
    }

    @Test
    void limitsHoldOverAllNodes() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                JobsOptions options = JobsOptions.DEFAULT
                        .withLimit("render", JobLimit.NONE.withRunning(3))
                        .withGroupLimit(JobLimit.NONE.withRunning(1).withRate(10, Duration.ofSeconds(1)));
                Jobs sync = cluster.jobs("sync", options);
                sync.submit(JobSpec.of("sync", Bytes.utf8("orders")).withGroup("customer 17"));
                sync.handle("sync", 1, job -> job.payload());
                assertEquals("orders", sync.job(sync.list().getFirst().id()).join().utf8());
            }
        });
    }

    private boolean reachable;

    private Bytes deliver(Bytes address) throws IOException {
        if (!reachable) {
            reachable = true;
            throw new IOException("no route to the server of " + address.utf8());
        }
        return Bytes.utf8("sent");
    }

    @Test
    void jobThatFailsWaitsAsItsClassOfFailureSays() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                Backoff slowly = Backoff.DEFAULT.withDelays(Duration.ofSeconds(5), Duration.ofMinutes(1));
                JobHandlerOptions rules = JobHandlerOptions.DEFAULT
                        .withNoRetry(IllegalArgumentException.class)    // a dead letter at once
                        .withRetry(IOException.class, slowly)
                        .withAttemptTimeout(Duration.ofMinutes(2));     // then the attempt is cancelled, and has failed
                try (JobSubscription _ = mail.handle("send", 4, rules, job -> deliver(job.payload()))) {
                    JobHandle job = mail.submit(JobSpec.of("send", Bytes.utf8("ada@example.org"))
                            .withBackoff(slowly)                        // after all other failures
                            .withMaxAttempts(20)
                            .withDeadline(Duration.ofHours(6)));        // for all attempts and the waits before them
                    IO.println(job.join().utf8());
                }
            }
        }));
        assertEquals(List.of("sent"), told);
    }
}
