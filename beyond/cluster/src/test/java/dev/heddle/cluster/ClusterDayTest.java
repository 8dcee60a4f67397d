package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimStore;
import dev.heddle.sim.TokenHistory;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Five nodes on bad days; with {@code -Pseeds} as many as a night has time for. */
final class ClusterDayTest {

    private static final int QUICK = 3;
    private static final int COMPARED = 10;

    @Test
    void allPromisesAreKeptOnBadDays() {
        ClusterDay.seeds(1, QUICK);
    }

    @Test
    @Tag("night")
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void allPromisesAreKeptOnManyBadDays() {
        ClusterDay.seeds(Long.getLong("heddle.seed", 1_000), Integer.getInteger("heddle.seeds", 150));
        System.out.println(ClusterDay.happened());
    }

    /** An order that comes from an object's address would be another one. */
    @Test
    @Tag("full")
    void dayOfASeedComesAgain() {
        assertEquals(ClusterDay.day(1), ClusterDay.day(1));
    }

    /**
     * So would one that is drawn when a JVM starts, as that of {@code Set.of} is, or that depends on when a thread
     * outside has the lock of the log.
     */
    @Test
    @Tag("full")
    void dayOfASeedIsTheSameInEachJvm() throws Exception {
        Process other = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Days.class.getName(), Integer.toString(COMPARED))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = other.inputReader()) {
            for (int seed = 1; seed <= COMPARED; seed++) {
                assertEquals(ClusterDay.day(seed).toString(), lines.readLine());
            }
        } finally {
            other.destroyForcibly();
        }
    }

    /** Tells of the first days, a line for each, while another thread logs all the time. */
    static final class Days {

        public static void main(String[] args) {
            Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    Logger.getLogger("outside").warning("also here");
                    LockSupport.parkNanos(20_000);
                }
            });
            for (int seed = 1; seed <= Integer.parseInt(args[0]); seed++) {
                System.out.println(ClusterDay.day(seed));
            }
            System.exit(0);
        }
    }

    @Test
    void holderThatWasPausedComesBackAndTheResourceRefusesItsOldToken() {
        SimOptions options = SimOptions.DEFAULT.withSeed(1).withMaxVirtualTime(Duration.ofHours(1));
        Sim.run(options, sim -> {
            SimStore store = SimStore.create(3);
            TokenHistory<Token> ledger = new TokenHistory<>(new Token(0, 0));
            SimHost paused = sim.network().host("paused");
            Task<Void> first = paused.spawn(() -> {
                try (Cluster node = Cluster.join(ClusterOptions.of("shop", store).withNode("paused"))) {
                    ClusterMutex mutex = node.mutex("ledger");
                    ledger.asks("paused");
                    mutex.acquire();
                    Token token = mutex.token();
                    ledger.granted("paused", token);
                    assertTrue(ledger.uses("paused", token));
                    paused.stall(Duration.ofMinutes(1));
                    Heddle.sleep(Duration.ofSeconds(1));
                    assertFalse(ledger.uses("paused", token), "it does not know yet, and the resource does");
                    assertThrows(LockLostException.class, mutex::release);
                }
            });
            sim.network().host("other").run(() -> {
                try (Cluster node = Cluster.join(ClusterOptions.of("shop", store).withNode("other"))) {
                    Heddle.sleep(Duration.ofSeconds(5));
                    ClusterMutex mutex = node.mutex("ledger");
                    ledger.asks("other");
                    mutex.run(() -> {
                        ledger.granted("other", mutex.token());
                        assertTrue(ledger.uses("other", mutex.token()));
                        return true;
                    });
                }
            });
            first.join();
        });
    }
}
