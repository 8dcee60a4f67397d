package dev.heddle.cluster.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.JobStatus;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.sql.SqlDialect;
import dev.heddle.cluster.sql.SqlInboxContract;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of transactions in a real PostgreSQL. */
@Tag("full")
final class PostgresInboxTest implements SqlInboxContract {

    private static RealPostgres server;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        server = new RealPostgres(folder, RealPostgres.UNSYNCED);
        server.asOperator("shop", "grant all on schema public to heddle");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.asOperator("shop", "drop schema if exists heddle cascade", "drop table if exists orders");
    }

    @Override
    public SqlDialect dialect() {
        return server.dialect();
    }

    @Override
    public StoreEngine engine() {
        return server.store();
    }

    private static Connection connect(String database, String user) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database + "?tcpKeepAlive=true", user, "sesame");
    }

    private static Cluster join() {
        return Cluster.join(ClusterOptions.of("shop", server.store()).withNode("a"));
    }

    /** What a connection does before the job is submitted by it. */
    private interface Step {
        void on(Connection connection) throws SQLException;
    }

    private static void assertRefused(String database, String user, Step before, String why) {
        Heddle.run(() -> {
            try (Cluster node = join()) {
                Jobs mail = node.jobs("mail");
                var failure = assertThrows(StoreUnavailableException.class, () -> Heddle.offload(() -> {
                    try (Connection connection = connect(database, user)) {
                        before.on(connection);
                        return mail.submit(connection, JobSpec.of("send", Bytes.EMPTY));
                    }
                }));
                assertTrue(failure.getMessage().contains(why), failure::toString);
                assertTrue(failure.getMessage().contains("/" + database + ": "), failure::toString);
                assertInstanceOf(SQLException.class, failure.getCause());
            }
        });
    }

    @Test
    void connectionToAnotherDatabaseIsNamed() {
        assertRefused("postgres", "heddle", _ -> {}, "its database has no table heddle.inbox");
    }

    @Test
    void connectionThatOnlyReadsIsNamed() {
        assertRefused("shop", "heddle", connection -> {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
        }, "its transaction is read-only");
    }

    @Test
    void transactionThatHasFailedIsNamed() {
        assertRefused("shop", "heddle", connection -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                assertThrows(SQLException.class, () -> statement.execute("select 1 / 0"));
            }
        }, "its transaction has failed before");
    }

    @Test
    void userWithoutRightsIsNamedAndNeedsOnlyThatToInsert() {
        server.asOperator("postgres", "drop role if exists clerk", "create role clerk login password 'sesame'");
        assertRefused("shop", "clerk", _ -> {}, "grant usage on schema heddle and grant insert on heddle.inbox");
        Heddle.run(() -> {
            try (Cluster node = join()) {
                server.asOperator("shop", "grant usage on schema heddle to clerk",
                        "grant insert on heddle.inbox to clerk");
                Jobs mail = node.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 4, job -> job.payload())) {
                    List<JobHandle> jobs = Heddle.offload(() -> {
                        try (Connection connection = connect("shop", "clerk")) {
                            List<JobHandle> submitted = new ArrayList<>();
                            submitted.add(mail.submit(connection, JobSpec.of("send", Bytes.utf8("1"))));
                            submitted.addAll(mail.submitAll(connection,
                                    Collections.nCopies(100, JobSpec.of("send", Bytes.utf8("many")))));
                            return submitted;
                        }
                    });
                    assertEquals("1", jobs.getFirst().join().utf8());
                    assertEquals("many", jobs.getLast().join().utf8());
                }
            }
        });
        server.asOperator("shop", "drop owned by clerk");
    }

    @Test
    void rowThatSomebodyDeletesIsPassedOverAndBlocksNobody() {
        Heddle.run(() -> {
            try (Cluster node = join()) {
                Jobs mail = node.jobs("mail");
                List<JobHandle> jobs = Heddle.offload(() -> {
                    try (Connection connection = connect("shop", "heddle")) {
                        return mail.submitAll(connection, List.of(JobSpec.of("send", Bytes.utf8("1")),
                                JobSpec.of("send", Bytes.utf8("2"))));
                    }
                });
                Connection person = Heddle.offload(() -> {
                    Connection connection = connect("shop", "heddle");
                    connection.setAutoCommit(false);
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("delete from heddle.inbox where job = '" + jobs.getFirst().id() + "'");
                    }
                    return connection;
                });
                try (JobSubscription _ = mail.handle("send", 4, job -> job.payload())) {
                    assertEquals("2", jobs.getLast().join().utf8());
                    assertEquals(new JobStatus.Waiting(0, ""), jobs.getFirst().status());
                    Heddle.offload(() -> {
                        person.commit();
                        person.close();
                        return true;
                    });
                    assertEquals(new JobStatus.Unknown(), jobs.getFirst().status());
                }
            }
        });
    }

    @Test
    void jobsComeLaterWhereSomebodyHasTakenTheTriggerAway() {
        Heddle.run(() -> {
            try (Cluster node = join()) {
                Jobs mail = node.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 4, job -> job.payload())) {
                    server.asOperator("shop", "drop trigger inbox_news on heddle.inbox");
                    JobHandle job = Heddle.offload(() -> {
                        try (Connection connection = connect("shop", "heddle")) {
                            return mail.submit(connection, JobSpec.of("send", Bytes.utf8("1")));
                        }
                    });
                    assertEquals("1", job.join().utf8());
                }
            }
        });
    }

    @Test
    void statementsForAPersonMakeTheTablesOfNow() {
        server.asOperator("shop", server.store().sql());
        server.asOperator("shop", "grant all on schema heddle to heddle",
                "grant all on all tables in schema heddle to heddle");
        Heddle.run(() -> {
            try (Cluster node = join()) {
                Jobs mail = node.jobs("mail");
                try (JobSubscription _ = mail.handle("send", 4, job -> job.payload())) {
                    assertEquals("1", Heddle.offload(() -> {
                        try (Connection connection = connect("shop", "heddle")) {
                            return mail.submit(connection, JobSpec.of("send", Bytes.utf8("1")));
                        }
                    }).join().utf8());
                }
            }
        });
    }
}
