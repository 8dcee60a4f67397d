package dev.heddle.cluster.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.JobCancelledException;
import dev.heddle.cluster.JobFailedException;
import dev.heddle.cluster.JobForgottenException;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.JobStatus;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsOptions;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Inbox;
import dev.heddle.cluster.store.InboxRow;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreUnavailableException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs that are submitted in transactions of the caller's. */
public interface SqlInboxContract {

    /** A database that each test has to itself. */
    SqlDialect dialect();

    /** The nodes' engine, upon the same. */
    StoreEngine engine();

    private Cluster join(String node) {
        return join("shop", node);
    }

    private Cluster join(String cluster, String node) {
        return Cluster.join(ClusterOptions.of(cluster, engine()).withNode(node));
    }

    private Connection connect() throws SQLException {
        return dialect().connect(Duration.ofSeconds(20));
    }

    /** A connection in a transaction. */
    private Connection begin() throws SQLException {
        Connection connection = connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(new SqlSchema(dialect()).in(each));
            }
        }
    }

    private void byHand(String... statements) {
        offload(() -> {
            try (Connection connection = connect()) {
                execute(connection, statements);
            }
            return true;
        });
    }

    private long count(String table) {
        return offload(() -> {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            new SqlSchema(dialect()).in("select count(*) from " + table))) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    private static <T> T offload(Callable<T> body) {
        return Heddle.offload(body::call);
    }

    private static void await(BooleanSupplier condition) {
        Heddle.timeout(Duration.ofSeconds(60), () -> {
            while (!condition.getAsBoolean()) {
                Heddle.sleep(Duration.ofMillis(5));
            }
        });
    }

    private static List<JobSpec> letters(int count) {
        return IntStream.range(0, count).mapToObj(i -> JobSpec.of("send", Bytes.utf8("letter " + i))).toList();
    }

    // ---- transactions ----

    @Test
    default void jobIsThereIfItsTransactionCommitsAndNeverIfItIsRolledBack() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 4, job -> Bytes.utf8("sent " + job.payload().utf8()))) {
                    byHand("create table orders (id integer primary key)");
                    JobHandle first = offload(() -> {
                        try (Connection connection = begin()) {
                            execute(connection, "insert into orders values (1)");
                            JobHandle job = mail.submit(connection, JobSpec.of("send", Bytes.utf8("1")));
                            connection.commit();
                            return job;
                        }
                    });
                    assertEquals("sent 1", first.join().utf8());
                    JobHandle second = offload(() -> {
                        try (Connection connection = begin()) {
                            execute(connection, "insert into orders values (2)");
                            JobHandle job = mail.submit(connection, JobSpec.of("send", Bytes.utf8("2")));
                            connection.rollback();
                            return job;
                        }
                    });
                    assertEquals(new JobStatus.Unknown(), second.status());
                    assertThrows(JobForgottenException.class, second::join);
                    assertEquals(1, count("orders"));
                    assertEquals(0, count("S.inbox"));
                }
            }
        });
    }

    @Test
    default void savepointThatIsRolledBackTakesItsJobsAlongAndNoOthers() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 4, job -> job.payload())) {
                    List<JobHandle> jobs = offload(() -> {
                        try (Connection connection = begin()) {
                            List<JobHandle> submitted = new ArrayList<>();
                            submitted.add(mail.submit(connection, JobSpec.of("send", Bytes.utf8("1"))));
                            Savepoint savepoint = connection.setSavepoint();
                            submitted.add(mail.submit(connection, JobSpec.of("send", Bytes.utf8("2"))));
                            connection.rollback(savepoint);
                            submitted.addAll(mail.submitAll(connection, letters(60)));
                            connection.commit();
                            return submitted;
                        }
                    });
                    assertEquals("1", jobs.getFirst().join().utf8());
                    assertThrows(JobForgottenException.class, jobs.get(1)::join);
                    assertEquals("letter 59", jobs.getLast().join().utf8());
                }
            }
        });
    }

    @Test
    default void connectionThatCommitsByItselfAndOneThatIsNoDriversSubmitToo() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 8, job -> job.payload())) {
                    List<JobHandle> jobs = offload(() -> {
                        try (Connection connection = connect()) {
                            List<JobHandle> submitted = new ArrayList<>(mail.submitAll(connection, letters(120)));
                            submitted.addAll(mail.submitAll(foreign(connection), letters(60)));
                            submitted.addAll(mail.submitAll(connection, List.of()));
                            assertTrue(connection.getAutoCommit());
                            return submitted;
                        }
                    });
                    assertEquals(180, jobs.size());
                    for (int i = 0; i < jobs.size(); i++) {
                        assertEquals("letter " + i % 120, jobs.get(i).join().utf8());
                    }
                }
            }
        });
    }

    /** The connection as a pool may show it that hides the driver's. */
    private static Connection foreign(Connection connection) {
        return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[]{Connection.class},
                (_, method, arguments) -> method.getName().equals("isWrapperFor")
                        ? Boolean.FALSE
                        : method.invoke(connection, arguments));
    }

    @Test
    default void transactionThatStaysOpenIsWaitedForByNobody() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 4, job -> job.payload())) {
                    JobHandle open = offload(() -> {
                        Connection connection = begin();
                        try (connection) {
                            JobHandle job = mail.submit(connection, JobSpec.of("send", Bytes.utf8("1")));
                            // One that writes at a time: then only readers go on.
                            if (!dialect().forUpdate().isEmpty()) {
                                JobHandle other = node.jobs("mail").job("none");
                                assertEquals("none", other.id());
                                Heddle.run(() -> {
                                    try (Cluster second = join("b")) {
                                        assertEquals("now", second.jobs("mail").submit("send", Bytes.utf8("now"))
                                                .join().utf8());
                                    }
                                });
                            }
                            connection.commit();
                            return job;
                        }
                    });
                    assertEquals("1", open.join().utf8());
                }
            }
        });
    }

    // ---- by any language ----

    @Test
    default void plainInsertOfAnotherProgramIsAJob() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail");
                List<String> seen = Collections.synchronizedList(new ArrayList<>());
                byHand("insert into S.inbox (cluster, queue, name, payload)"
                        + " values ('shop', 'mail', 'send', 'Grüße')",
                        "insert into S.inbox (cluster, queue, name, payload, job, priority, options) values"
                                + " ('shop', 'mail', 'send', 'first', 'invoice 7', 9,"
                                + " '{\"maxAttempts\": 2, \"key\": \"customer 1\", \"color\": [1, {}]}')",
                        "insert into S.inbox (cluster, queue, name) values ('shop', 'other', 'send')",
                        "insert into S.inbox (cluster, queue, name) values ('other', 'mail', 'send')");
                try (JobSubscription _ = mail.handle("send", 1, job -> {
                    seen.add(job.id() + " " + job.payload().utf8());
                    if (job.attempt() == 1) {
                        throw new IllegalStateException("planned");
                    }
                    return job.payload();
                })) {
                    assertEquals("first", mail.job("invoice 7").join().utf8());
                    await(() -> seen.size() == 4);
                    assertEquals("invoice 7 first", seen.getFirst());
                    assertTrue(seen.stream().anyMatch(each -> each.matches("~[-0-9a-f]{32,36} Grüße")), seen::toString);
                    assertEquals(2, count("S.inbox"));
                }
            }
        });
    }

    @Test
    default void rowThatIsNoJobIsADeadLetterThatSaysWhy() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail");
                String wide = "ü".repeat(100);
                String insert = "insert into S.inbox (cluster, queue, name, job, options) values ('shop', 'mail', ";
                byHand(insert + "'send', '1', '{\"maxAttempts\": \"many\"}')",
                        insert + "'send', '2', '{\"maxAttempts\": 0}')",
                        insert + "'send', '3', '{\"key\": \"~nightly\"}')",
                        insert + "'" + wide + "', '4', '{}')",
                        insert + "'send', '" + wide + "', '{}')",
                        insert + "'send', '6', '{\"dead\": true, \"attempts\": 9, \"payloadBytes\": 77}')");
                try (JobSubscription _ = mail.handle("send", 1, job -> Bytes.utf8("" + job.attempt()))) {
                    assertEquals("1", mail.job("6").join().utf8());
                    await(() -> mail.deadLetters().size() == 5);
                    assertError("its options are no JSON object", mail.job("1"));
                    assertError("maxAttempts is 1 to 1000000, not 0", mail.job("2"));
                    assertError("the keys that begin with ~", mail.job("3"));
                    assertError("a name in a cluster has 1 to 200 characters", mail.job("4"));
                    assertEquals(0, count("S.inbox"));
                    mail.deadLetters().forEach(JobHandle::discard);
                    assertEquals(List.of(), mail.deadLetters());
                }
            }
        });
    }

    private static void assertError(String why, JobHandle job) {
        String error = assertInstanceOf(JobStatus.Dead.class, job.status()).error();
        assertTrue(error.contains(why), error);
    }

    @Test
    default void rowThatTheTableCannotHaveIsRefusedAsItIsInserted() {
        Heddle.run(() -> {
            join("a").close();
            String insert = "insert into S.inbox (cluster, queue, name, priority) values ";
            for (String row : List.of("('shop', 'mail', '', 5)", "('shop', '', 'send', 5)", "('shop', 'mail', 'x', 10)",
                    "('shop', 'mail', 'send', -1)", "(null, 'mail', 'send', 5)")) {
                assertThrows(SQLException.class, () -> {
                    try (Connection connection = connect()) {
                        execute(connection, insert + row);
                    }
                }, row);
            }
        });
    }

    @Test
    default void viewShowsEachJobToAPerson() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail");
                JobSpec spec = JobSpec.of("send", Bytes.utf8("Grüße")).withMaxAttempts(1);
                var _ = mail.handle("send", 1, job -> {
                    if (job.id().equals("bad")) {
                        throw new IllegalStateException("planned");
                    }
                    return Bytes.utf8("sent");
                });
                mail.submit(spec.withId("invoice 7")).join();
                assertThrows(JobFailedException.class, () -> mail.submit(spec.withId("bad")).join());
                var _ = mail.handle("hold", 1, _ -> {
                    Heddle.sleep(Duration.ofDays(1));
                    return Bytes.EMPTY;
                });
                JobHandle held = mail.submit(JobSpec.of("hold", Bytes.of(new byte[]{0, (byte) 0xff})).withPriority(7));
                mail.submit(spec.withId("later").withDelay(Duration.ofDays(1)));
                await(() -> held.status() instanceof JobStatus.Running);
                byHand("insert into S.inbox (cluster, queue, name, job) values ('shop', 'other', 'send', 'in')",
                        "insert into S.entries (cluster, directory, name, value, version, created, changed, owner)"
                                + " values ('shop', 'jobs/mail/open', 'foreign', 'no form', 0, 1, 1, 0)");
                assertEquals(List.of(
                        "mail bad send dead 1 5", "mail foreign null waiting 0 0", "other in send inbox 0 5",
                        "mail invoice 7 send done 1 null", "mail later send waiting 0 5"),
                        rows("select queue, id, kind, status, attempts, priority from S.jobs"
                                + " where cluster = 'shop' and coalesce(kind, '') <> 'hold' order by id"));
                assertEquals(List.of("mail " + held.id() + " running 1 7"), rows(
                        "select queue, id, status, attempts, priority from S.jobs where kind = 'hold'"));
                assertEquals(List.of("sent"), rows("select result from S.jobs where id = 'invoice 7'"));
                assertEquals(List.of("Grüße"), rows("select payload from S.jobs where id = 'bad'"));
                assertEquals(1, rows("select error from S.jobs where id = 'bad' and error like '%planned%'").size());
                assertEquals(4, rows("select submitted from S.jobs where id <> 'foreign' and id <> 'in'"
                        + " and submitted is not null").size());
            }
        });
    }

    private List<String> rows(String query) {
        return offload(() -> {
            List<String> found = new ArrayList<>();
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(new SqlSchema(dialect()).in(query))) {
                while (rows.next()) {
                    List<String> cells = new ArrayList<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        cells.add(rows.getString(i));
                    }
                    found.add(String.join(" ", cells));
                }
            }
            return found;
        });
    }

    // ---- the queue ----

    @Test
    default void inboxHoldsWhatTheQueueHasNoRoomFor() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail", JobsOptions.DEFAULT.withCapacity(7));
                offload(() -> {
                    try (Connection connection = begin()) {
                        List<JobHandle> jobs = mail.submitAll(connection, letters(400));
                        connection.commit();
                        return jobs;
                    }
                });
                List<String> seen = Collections.synchronizedList(new ArrayList<>());
                int[] most = {0};
                try (JobSubscription _ = mail.handle("send", 3, job -> {
                    seen.add(job.payload().utf8());
                    return Bytes.EMPTY;
                })) {
                    await(() -> {
                        var now = mail.statistics();
                        most[0] = Math.max(most[0], now.waiting() + now.running());
                        return seen.size() >= 400;
                    });
                    assertTrue(most[0] <= 7, "" + most[0]);
                    assertEquals(400, new TreeSet<>(seen).size());
                    assertEquals(400, seen.size());
                    assertEquals(0, count("S.inbox"));
                }
            }
        });
    }

    @Test
    default void jobInTheInboxWaitsAndIsCancelledThere() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail"); // nobody handles its jobs, so nobody drains
                List<JobHandle> jobs = offload(() -> {
                    try (Connection connection = connect()) {
                        return mail.submitAll(connection, letters(2));
                    }
                });
                JobHandle job = jobs.getFirst();
                assertEquals(new JobStatus.Waiting(0, ""), job.status());
                assertEquals("send", job.snapshot().name());
                assertTrue(job.snapshot().submitted().isPresent());
                assertTrue(job.cancel());
                assertEquals(new JobStatus.Cancelled(""), job.status());
                assertThrows(JobCancelledException.class, job::join);
                assertTrue(job.cancel());
                assertEquals(1, count("S.inbox"));
                var waiting = Heddle.spawn(() -> jobs.getLast().join());
                Heddle.sleep(Duration.ofMillis(50));
                try (JobSubscription _ = mail.handle("send", 1, each -> each.payload())) {
                    assertEquals("letter 1", waiting.join().utf8());
                }
            }
        });
    }

    @Test
    default void rowOfAnIdOrKeyThatIsThereIsDroppedAndCounted() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail");
                JobSpec keyed = JobSpec.of("send", Bytes.utf8("keyed")).withKey("customer 1");
                JobSpec named = JobSpec.of("send", Bytes.utf8("named")).withId("invoice 7");
                List<JobHandle> jobs = offload(() -> {
                    try (Connection connection = begin()) {
                        List<JobHandle> submitted = mail.submitAll(connection, List.of(named, keyed, named, keyed));
                        connection.commit();
                        return submitted;
                    }
                });
                List<String> seen = Collections.synchronizedList(new ArrayList<>());
                mail.pause();
                try (JobSubscription _ = mail.handle("send", 1, job -> {
                    seen.add(job.payload().utf8());
                    return Bytes.EMPTY;
                })) {
                    await(() -> mail.nodeStatistics().dropped() == 2);
                    mail.resume();
                    jobs.get(0).join();
                    jobs.get(1).join();
                    jobs.get(2).join();
                    assertThrows(JobForgottenException.class, jobs.get(3)::join);
                    assertEquals(List.of("named", "keyed"), seen);
                }
            }
        });
    }

    @Test
    default void clustersOfOneSchemaShareNoRow() {
        Heddle.run(() -> {
            try (Cluster one = join("shop", "a"); Cluster other = join("bank", "a")) {
                Jobs mail = one.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 1, _ -> Bytes.utf8("shop"));
                        JobSubscription _ = other.jobs("mail").handle("send", 1, _ -> Bytes.utf8("bank"))) {
                    List<JobHandle> jobs = offload(() -> {
                        try (Connection connection = connect()) {
                            return List.of(mail.submit(connection, JobSpec.of("send", Bytes.EMPTY).withId("1")),
                                    other.jobs("mail").submit(connection, JobSpec.of("send", Bytes.EMPTY).withId("1")));
                        }
                    });
                    assertEquals(List.of("shop", "bank"), jobs.stream().map(job -> job.join().utf8()).toList());
                }
            }
        });
    }

    @Test
    default void nextNodeGoesOnWhereTheLeaderIsLostOrLeaves() {
        Heddle.run(() -> {
            List<String> seen = Collections.synchronizedList(new ArrayList<>());
            JobsOptions few = JobsOptions.DEFAULT.withCapacity(20);
            Cluster first = join("a");
            try (Cluster second = join("b")) {
                Jobs mail = first.jobs("mail", few);
                var _ = mail.handle("send", 2, job -> {
                    seen.add(job.payload().utf8());
                    return Bytes.EMPTY;
                });
                List<JobHandle> jobs = offload(() -> {
                    try (Connection connection = connect()) {
                        return mail.submitAll(connection, letters(200));
                    }
                });
                await(() -> seen.size() > 10);
                first.close();
                Jobs same = second.jobs("mail", few);
                try (JobSubscription _ = same.handle("send", 2, job -> {
                    seen.add(job.payload().utf8());
                    return Bytes.EMPTY;
                })) {
                    for (JobHandle job : jobs) {
                        same.job(job.id()).join();
                    }
                }
                assertEquals(200, new TreeSet<>(seen).size());
                assertThrows(ClosedException.class, () -> offload(() -> {
                    try (Connection connection = connect()) {
                        return mail.submitAll(connection, letters(1));
                    }
                }));
            } finally {
                first.close();
            }
        });
    }

    // ---- faults, at the seam ----

    private static Store open(SqlDialect dialect) {
        return SqlSession.open(dialect, SessionOptions.of("shop").withTimeout(Duration.ofSeconds(20)));
    }

    private static InboxRow row(int number) {
        return new InboxRow("mail", "" + number, "send", Bytes.EMPTY, number % 10, "{}", 0);
    }

    private static List<Op> create(InboxRow row) {
        return List.of(new Op.Create(new Key("moved", row.id()), Bytes.EMPTY, Lifetime.DURABLE),
                new Op.Create(new Key("again", row.id()), Bytes.EMPTY, Lifetime.DURABLE));
    }

    private void put(Store store, int from, int to) {
        offload(() -> {
            try (Connection connection = begin()) {
                store.inbox().orElseThrow().put(connection,
                        IntStream.range(from, to).mapToObj(SqlInboxContract::row).toList());
                connection.commit();
            }
            return true;
        });
    }

    @Test
    default void drainThatLosesItsAnswerMovesEachRowOnceAndSaysHowMany() {
        Heddle.run(() -> {
            var database = new FaultyDatabase(dialect(), 7);
            try (Store one = open(database.dialect()); Store other = open(database.dialect())) {
                put(one, 0, 400);
                database.loseAnswers(40);
                int[] moved = {0};
                Heddle.group(group -> {
                    for (Store store : List.of(one, other, one)) {
                        group.spawn(() -> {
                            Inbox inbox = store.inbox().orElseThrow();
                            Inbox.Drained last;
                            do {
                                last = inbox.drain("mail", 9, Long.MAX_VALUE, SqlInboxContract::create).join();
                                moved[0] += last.moved();
                                assertEquals(0, last.refused());
                            } while (last.more() || last.moved() > 0);
                        });
                    }
                });
                database.loseAnswers(0);
                assertEquals(400, moved[0]);
                assertEquals(400, one.list("moved", ReadConsistency.FRESH).join().entries().size());
                assertEquals(0, count("S.inbox"));
            }
        });
    }

    @Test
    default void drainThatIsCutOffGoesOnWhenTheDatabaseIsBack() {
        Heddle.run(() -> {
            var database = new FaultyDatabase(dialect(), 3);
            try (Store store = open(database.dialect())) {
                put(store, 0, 100);
                Inbox inbox = store.inbox().orElseThrow();
                int[] cuts = {0};
                int moved = 0;
                while (moved < 100) {
                    var next = inbox.drain("mail", 20, Long.MAX_VALUE, row -> {
                        if (row.id().endsWith("5") && cuts[0]++ < 10) {
                            database.cut(true); // in the middle of the transaction
                        }
                        return create(row);
                    });
                    while (!next.isDone()) {
                        Heddle.sleep(Duration.ofMillis(20));
                        database.cut(false);
                    }
                    moved += next.join().moved();
                }
                assertTrue(cuts[0] > 10, "" + cuts[0]);
                assertEquals(100, store.list("moved", ReadConsistency.FRESH).join().entries().size());
                assertEquals(0, count("S.inbox"));
            }
        });
    }

    @Test
    default void rowsAreTakenByPriorityThenInTheirOrderAsFarAsThereIsRoom() {
        Heddle.run(() -> {
            try (Store store = open(dialect())) {
                Inbox inbox = store.inbox().orElseThrow();
                offload(() -> {
                    try (Connection connection = connect()) {
                        inbox.put(connection, IntStream.range(0, 6).mapToObj(i -> new InboxRow("mail", "" + i, "send",
                                Bytes.of(new byte[1000]), i == 4 ? 9 : 5, "{}", 0)).toList());
                    }
                    return true;
                });
                List<String> seen = new ArrayList<>();
                var first = inbox.drain("mail", 10, 3500, row -> {
                    seen.add(row.id());
                    assertTrue(row.atMillis() > 1_600_000_000_000L, row::toString);
                    return create(row);
                }).join();
                assertEquals(List.of("4", "0", "1"), seen);
                assertEquals(3, first.moved());
                assertTrue(first.more() && first.stamp() > 0, first::toString);
                assertEquals("3", inbox.find("mail", "3").join().orElseThrow().id());
                assertTrue(inbox.find("mail", "4").join().isEmpty());
                assertEquals(1, inbox.drain("mail", "5", SqlInboxContract::create).join().moved());
                assertEquals(Inbox.Drained.NOTHING, inbox.drain("mail", "5", SqlInboxContract::create).join());
                assertEquals(0, inbox.drain("mail", 10, 999, SqlInboxContract::create).join().moved());
                assertEquals(2, inbox.drain("mail", 10, 9999, SqlInboxContract::create).join().moved());
            }
        });
    }

    @Test
    default void tableThatIsDroppedIsNamedAndTheRestGoesOn() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Jobs mail = node.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 1, job -> job.payload())) {
                    byHand("drop view S.jobs", "drop table S.inbox");
                    assertEquals("1", mail.submit("send", Bytes.utf8("1")).join().utf8());
                    var failure = assertThrows(StoreUnavailableException.class, () -> offload(() -> {
                        try (Connection connection = connect()) {
                            return mail.submit(connection, JobSpec.of("send", Bytes.EMPTY));
                        }
                    }));
                    assertTrue(failure.getMessage().contains("its database has no table"), failure::toString);
                    assertInstanceOf(SQLException.class, failure.getCause());
                    assertEquals("2", mail.submit("send", Bytes.utf8("2")).join().utf8());
                }
            }
        });
    }

    @Test
    default void connectionThatIsClosedIsNamed() {
        Heddle.run(() -> {
            try (Cluster node = join("a")) {
                Connection connection = offload(this::connect);
                offload(() -> {
                    connection.close();
                    return true;
                });
                var failure = assertThrows(StoreUnavailableException.class, () -> offload(
                        () -> node.jobs("mail").submit(connection, JobSpec.of("send", Bytes.EMPTY))));
                assertTrue(failure.getMessage().contains("a connection that is closed"), failure::toString);
            }
        });
    }

    @Test
    default void tablesOfTheVersionBeforeAreBroughtToThisOne() {
        Heddle.run(() -> {
            open(dialect()).close();
            byHand("drop view S.jobs", "drop table S.inbox", "update S.version set version = 1");
            if (!dialect().forUpdate().isEmpty()) {
                byHand("drop function S.inbox_news()", "drop function S.text_of", "drop function S.json_of",
                        "drop function S.plain_name");
            }
            open(dialect()).close();
            assertEquals(0, count("S.inbox"));
        });
    }
}
