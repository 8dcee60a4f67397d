package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Promise;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The store in the memory of this JVM. */
final class MemoryStoreTest extends StoreContract {

    private static final Key A = StoreFixture.key("a");
    private static final Key B = StoreFixture.key("b");

    private final InMemoryStore store = InMemoryStore.create();

    @Override
    public StoreEngine engine() {
        return store;
    }

    @Override
    public Duration timeout() {
        return Duration.ofMillis(100);
    }

    @Test
    void answersToWhatAListenerAsksComeBehindTheSignalsOfTheCommit() {
        withStores((one, other) -> {
            List<WatchEvent> told = new ArrayList<>();
            List<Promise<?>> asked = new ArrayList<>();
            List<Boolean> early = new ArrayList<>();
            join(one.watch(StoreFixture.DIR, signal -> {
                told.add(signal);
                asked.forEach(each -> early.add(each.isDone()));
                if (asked.isEmpty()) {
                    asked.add(one.read(B, ReadConsistency.LOCAL));
                    asked.add(one.list(StoreFixture.DIR, ReadConsistency.FRESH));
                }
            }));
            long stamp = commit(other, StoreFixture.durable(A, "1"), StoreFixture.durable(B, "1")).stamp();
            assertEquals(List.of(new WatchEvent.Changed(A, stamp), new WatchEvent.Changed(B, stamp)), told);
            assertEquals(List.of(false, false), early);
            assertEquals(List.of(true, true), asked.stream().map(Promise::isDone).toList());
        });
    }

    @Test
    void answerToWhatAnotherThreadAsksComesBehindTheSignalsOfTheCommit() {
        withStores((one, other) -> {
            List<Boolean> early = new ArrayList<>();
            List<Promise<Optional<Entry>>> reads = new ArrayList<>();
            join(one.watch(StoreFixture.DIR, _ -> {
                reads.forEach(each -> early.add(each.isDone()));
                if (reads.isEmpty()) {
                    reads.add(onAnotherThread(one));
                }
            }));
            commit(other, StoreFixture.durable(A, "1"), StoreFixture.durable(B, "1"));
            assertEquals(List.of(false), early);
            assertTrue(join(reads.getFirst()).isPresent());
        });
    }

    /** Asks there, and waits until it was asked. */
    private static Promise<Optional<Entry>> onAnotherThread(Store store) {
        var asked = new CompletableFuture<Promise<Optional<Entry>>>();
        Thread.ofPlatform().start(() -> asked.complete(store.read(B, ReadConsistency.LOCAL)));
        return asked.join();
    }

    @Test
    void readThatAListenerAsksForBehindTheLastSignalFails() {
        withStores((one, other) -> {
            List<Promise<Optional<Entry>>> reads = new ArrayList<>();
            join(one.watch(StoreFixture.DIR, signal -> {
                if (signal instanceof WatchEvent.Closed) {
                    reads.add(one.read(A, ReadConsistency.LOCAL));
                }
            }));
            one.close();
            assertThrows(SessionLostException.class, () -> join(reads.getFirst()));
            commit(other, StoreFixture.durable(A, "1"));
            assertEquals(1, reads.size());
        });
    }
}
