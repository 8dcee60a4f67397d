package dev.heddle.cluster.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.WatchEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of one machine that share a file of SQLite. */
@Tag("full")
final class SqliteProcessesTest {

    @TempDir
    private Path folder;

    @Test
    void processesThatAreKilledLoseAndDoubleNothingThatWasAnswered() {
        Path file = folder.resolve("shop.db");
        Heddle.run(() -> {
            try (Store store = SqliteStore.at(file).open(CountingProcess.SHOP);
                    var one = new CountingProcess(file);
                    var two = new CountingProcess(file);
                    var three = new CountingProcess(file)) {
                BlockingQueue<WatchEvent> told = new LinkedBlockingQueue<>();
                store.watch("things", told::add).join();
                int answered = Heddle.offload(() -> {
                    one.awaitRaises(30);
                    two.awaitRaises(30);
                    int killed = one.kill() + two.kill();
                    three.awaitRaises(100);
                    return killed + three.kill();
                });
                assertInstanceOf(WatchEvent.Changed.class, Heddle.offload(told::take));
                int counted = Integer.parseInt(store.read(CountingProcess.COUNTER, ReadConsistency.FRESH)
                        .join()
                        .orElseThrow()
                        .value()
                        .utf8());
                // Each may have died between the write and the line.
                assertTrue(answered <= counted && counted <= answered + 3, answered + " and " + counted);
                Heddle.timeout(Duration.ofSeconds(30), () -> {
                    while (!store.list("processes", ReadConsistency.FRESH).join().entries().isEmpty()) {
                        Heddle.sleep(Duration.ofMillis(20));
                    }
                });
                assertEquals(0, store.list("processes", ReadConsistency.FRESH).join().entries().size());
            }
        });
    }
}
