package dev.heddle.conformance;

import static dev.heddle.conformance.StoreFixture.delete;
import static dev.heddle.conformance.StoreFixture.durable;
import static dev.heddle.conformance.StoreFixture.key;
import static dev.heddle.conformance.StoreFixture.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract of reads and listings: how old an answer may be. */
interface StoreReadContract extends StoreFixture {

    /** Enough rounds for a server that lags behind to be met. */
    int ROUNDS = 50;

    @Test
    default void whatIsNotThereIsEmpty() {
        withStore(store -> {
            for (ReadConsistency each : ReadConsistency.values()) {
                assertEquals(Optional.empty(), read(store, key("a"), each));
                assertEquals(List.of(), list(store, DIR, each).entries());
                assertEquals(List.of(), list(store, "never/heard/of", each).entries());
            }
        });
    }

    @Test
    default void localReadSeesWhatItsSessionHasCommitted() {
        withStore(store -> {
            commit(store, durable(key("a"), "start"));
            for (int i = 0; i < ROUNDS; i++) {
                long stamp = commit(store, set(key("a"), "" + i)).stamp();
                Entry entry = read(store, key("a"), ReadConsistency.LOCAL).orElseThrow();
                assertEquals(stamp, entry.changed());
                assertEquals("" + i, entry.value().utf8());
                assertEquals(List.of(entry), list(store, DIR, ReadConsistency.LOCAL).entries());
            }
            commit(store, delete(key("a")));
            assertEquals(Optional.empty(), read(store, key("a"), ReadConsistency.LOCAL));
            assertEquals(List.of(), list(store, DIR, ReadConsistency.LOCAL).entries());
        });
    }

    @Test
    default void freshReadSeesWhatAnySessionHasCommitted() {
        withStores((one, other) -> {
            commit(one, durable(key("a"), "start"));
            for (int i = 0; i < ROUNDS; i++) {
                Store writer = i % 2 == 0 ? one : other;
                Store reader = i % 2 == 0 ? other : one;
                commit(writer, set(key("a"), "" + i));
                assertEquals("" + i, text(reader, key("a"), ReadConsistency.FRESH));
            }
        });
    }

    @Test
    default void freshListingSeesWhatAnySessionHasCommitted() {
        withStores((one, other) -> {
            for (int i = 0; i < ROUNDS; i++) {
                Store writer = i % 2 == 0 ? one : other;
                Store reader = i % 2 == 0 ? other : one;
                long created = commit(writer, durable(key("a"), "" + i)).stamp();
                Listing listing = list(reader, DIR, ReadConsistency.FRESH);
                assertEquals("" + i, listing.entries().getFirst().value().utf8());
                assertTrue(listing.stamp() >= created, "the stamp of a listing covers the last creation that it shows");
                commit(writer, delete(key("a")));
                assertEquals(List.of(), names(reader, DIR));
            }
        });
    }

    @Test
    default void localReadIsNotOlderThanAFreshOneBeforeIt() {
        withStores((one, other) -> {
            commit(one, durable(key("a"), "start"));
            for (int i = 0; i < ROUNDS; i++) {
                commit(one, set(key("a"), "" + i));
                Entry seen = fresh(other, key("a")).orElseThrow();
                assertEquals(Optional.of(seen), read(other, key("a"), ReadConsistency.LOCAL));
                assertEquals(List.of(seen), list(other, DIR, ReadConsistency.LOCAL).entries());
            }
        });
    }

    @Test
    default void localReadsNeverGoBack() {
        withStores((one, other) -> {
            Key a = key("a");
            Key b = key("b");
            commit(one, durable(a, "start"), durable(b, "start"));
            commit(other, durable(new Key("elsewhere", "own"), "a commit of its own catches up"));
            Task<Void> writer = Heddle.spawn(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    commit(one, set(a, "" + i), set(b, "" + i));
                }
            });
            long last = 0;
            while (!writer.isDone()) {
                long one1 = read(other, a, ReadConsistency.LOCAL).orElseThrow().changed();
                long two = read(other, b, ReadConsistency.LOCAL).orElseThrow().changed();
                long three = list(other, DIR, ReadConsistency.LOCAL).entries().getFirst().changed();
                assertTrue(last <= one1 && one1 <= two && two <= three,
                        "stamps went back: " + List.of(last, one1, two, three));
                last = three;
                Heddle.checkpoint();
            }
            writer.join();
        });
    }

    @Test
    default void readsThatNobodyWaitedForAreAllAnswered() {
        withStores((one, other) -> {
            commit(one, durable(key("a"), "one"));
            List<Promise<Optional<Entry>>> reads = new ArrayList<>();
            List<Promise<CommitOutcome>> commits = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                reads.add(other.read(key("a"), ReadConsistency.FRESH));
                commits.add(one.commit(List.of(set(key("a"), "" + i))));
                reads.add(other.read(key("a"), ReadConsistency.LOCAL));
            }
            commits.forEach(this::committed);
            reads.forEach(each -> assertTrue(join(each).isPresent()));
        });
    }

    @Test
    default void listingHasTheEntriesByName() {
        withStores((one, other) -> {
            commit(one, durable(key("b"), "2"), durable(key("C"), "0"), durable(key("a"), "1"),
                    durable(key("b0"), "3"));
            commit(one, durable(new Key("other", "a"), "not here"));
            for (Store store : List.of(one, other)) {
                List<Entry> entries = list(store, DIR, ReadConsistency.FRESH).entries();
                assertEquals(
                        List.of("C=0", "a=1", "b=2", "b0=3"),
                        entries.stream()
                                .map(each -> each.key().name() + "=" + each.value().utf8())
                                .toList());
                entries.forEach(each -> assertEquals(Optional.of(each), fresh(store, each.key())));
            }
        });
    }

    @Test
    default void listingOfManyEntriesIsComplete() {
        withStores((one, other) -> {
            List<Promise<CommitOutcome>> commits = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                commits.add(one.commit(List.of(durable(key("%03d".formatted(i)), "" + i))));
            }
            commits.forEach(this::committed);
            List<Entry> entries = list(other, DIR, ReadConsistency.FRESH).entries();
            assertEquals(500, entries.size());
            for (int i = 0; i < 500; i++) {
                assertEquals("" + i, entries.get(i).value().utf8());
            }
        });
    }

    @Test
    default void listingWhileOthersWriteShowsAllThatWasThereBefore() {
        withStores((one, other) -> {
            for (int i = 0; i < 20; i++) {
                commit(one, durable(key("stays-" + i), ""));
            }
            Task<Void> writer = Heddle.spawn(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    commit(one, durable(key("comes"), ""), set(key("stays-7"), "" + i));
                    commit(one, delete(key("comes")));
                }
            });
            while (!writer.isDone()) {
                long stays = names(other, DIR).stream().filter(each -> each.startsWith("stays-")).count();
                assertEquals(20, stays);
                Heddle.checkpoint();
            }
            writer.join();
        });
    }
}
