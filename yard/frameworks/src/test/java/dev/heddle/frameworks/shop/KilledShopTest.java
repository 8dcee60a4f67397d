package dev.heddle.frameworks.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsStatistics;
import dev.heddle.cluster.postgres.PostgresStore;
import dev.heddle.cluster.postgres.RealPostgres;
import dev.heddle.cluster.store.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service, killed again and again while it places orders: each has its letter, and no letter is without an order. */
@Tag("night")
final class KilledShopTest {

    /** Processes that are killed, more by {@code -Dheddle.test.jvm=-Dheddle.kills=200}: most are small, as they start sooner. */
    private static final int KILLS = Integer.getInteger("heddle.kills", 20);

    /** One of so many is the whole service by Spring Boot, which also writes letters. */
    private static final int BOOT_EACH = 10;

    private static final int AT_A_TIME = 3;

    private static final int MAX_STARTS = 3;

    private static final String USER = "postgres";

    @TempDir
    private Path folder;

    private RealPostgres server;

    private Process start(String kind, int orders) throws IOException {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens", "java.base/java.lang=ALL-UNNAMED", "--add-exports",
                "java.base/jdk.internal.vm=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-cp", System.getProperty("java.class.path"), KilledShop.class.getName(),
                kind, server.url(), USER, RealPostgres.PASSWORD, "" + orders)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** False if it has ended before: on a machine that is this busy, a database may not answer in time. */
    private static boolean awaitBegin(BufferedReader output) throws IOException {
        String line = output.readLine();
        while (line != null && !line.equals("begins")) {
            line = output.readLine();
        }
        return line != null;
    }

    /** Starts one, and kills it at a random moment after its first order began. */
    private boolean kill(Shop shop) throws IOException, InterruptedException {
        for (int tries = 1; tries <= MAX_STARTS; tries++) {
            Process process = start(shop.kind, Integer.MAX_VALUE);
            try (BufferedReader output = process.inputReader()) {
                if (awaitBegin(output)) {
                    Thread.sleep(shop.life);
                    return true;
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        throw new AssertionError(shop + " has never begun");
    }

    /** A process, and how long it lives after it has begun. */
    private record Shop(String kind, Duration life) {}

    private Set<String> ids(String query) throws SQLException {
        Set<String> found = new TreeSet<>();
        try (Connection connection = DriverManager.getConnection(server.url(), USER, RealPostgres.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Test
    @Timeout(1200)
    void killedServiceLeavesNoOrderWithoutItsLetterAndNoLetterWithoutItsOrder() throws Exception {
        try (RealPostgres real = new RealPostgres(folder)) {
            server = real;
            real.asOperator("shop", "create table orders (id text primary key, item text not null)",
                    "create table letters (id text primary key)");
            for (String kind : List.of("jdbc", "boot")) {
                Process whole = start(kind, 3);
                String said = new String(whole.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(0, whole.waitFor(), said);
            }
            var random = new Random(7);
            List<Shop> shops = IntStream.rangeClosed(1, KILLS).mapToObj(i -> new Shop(
                    i % BOOT_EACH == 0 ? "boot" : "jdbc", Duration.ofNanos(random.nextInt(60_000_000)))).toList();
            Set<String> letters = new ConcurrentSkipListSet<>();
            PostgresStore store = PostgresStore.at(server.url()).withUser(USER, RealPostgres.PASSWORD);
            Set<String> orders = new TreeSet<>();
            Heddle.run(() -> {
                try (Cluster stays = Cluster.join(ClusterOptions.of("shop", store));
                        JobSubscription _ = stays.jobs("letters").handle("confirm", 4, job -> {
                            letters.add(job.payload().utf8());
                            return Bytes.EMPTY;
                        })) {
                    Heddle.forEach(shops, AT_A_TIME, shop -> Heddle.offload(() -> kill(shop)));
                    orders.addAll(Heddle.offload(() -> ids("select id from orders")));
                    Heddle.timeout(Duration.ofMinutes(3), () -> awaitLetters(stays.jobs("letters"), letters, orders));
                }
            });
            letters.addAll(ids("select id from letters"));
            assertTrue(orders.size() > KILLS, () -> orders.size() + " orders");
            assertEquals(orders, new TreeSet<>(letters));
            assertEquals(Set.of(), ids("select job from heddle.inbox"));
        }
    }

    /** Waits until those that have stayed have written all letters, and nobody writes one more. */
    private void awaitLetters(Jobs jobs, Set<String> here, Set<String> orders) {
        while (true) {
            Set<String> all = new TreeSet<>(here);
            all.addAll(Heddle.offload(() -> ids("select id from letters")));
            JobsStatistics now = jobs.statistics();
            if (all.containsAll(orders) && now.waiting() == 0 && now.running() == 0) {
                return;
            }
            Heddle.sleep(Duration.ofMillis(200));
        }
    }
}
