package dev.heddle.conformance;

import static dev.heddle.conformance.StoreFixture.delete;
import static dev.heddle.conformance.StoreFixture.durable;
import static dev.heddle.conformance.StoreFixture.key;
import static dev.heddle.conformance.StoreFixture.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Promise;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.CommitOutcome.Committed;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract of commits: all or nothing, one stamp, refusals, versions, order. */
interface StoreCommitContract extends StoreFixture {

    Key A = key("a");

    Key B = key("b");

    /** More commits than a client or a server takes up at once. */
    int MANY = 300;

    @Test
    default void createdEntryHasItsValueAndTheStampOfItsCommit() {
        withStore(store -> {
            Committed created = commit(store, durable(A, "one"));
            Entry entry = fresh(store, A).orElseThrow();
            assertEquals(A, entry.key());
            assertEquals("one", entry.value().utf8());
            assertEquals(created.stamp(), entry.created());
            assertEquals(created.stamp(), entry.changed());
            assertEquals(0, entry.version());
            assertEquals(Entry.NO_OWNER, entry.owner());
        });
    }

    @Test
    default void setRaisesTheVersionAndKeepsTheStampOfTheCreation() {
        withStore(store -> {
            Committed created = commit(store, durable(A, "one"));
            Committed changed = commit(store, set(A, "two", 0));
            Entry entry = fresh(store, A).orElseThrow();
            assertEquals("two", entry.value().utf8());
            assertEquals(created.stamp(), entry.created());
            assertEquals(changed.stamp(), entry.changed());
            assertEquals(1, entry.version());
        });
    }

    @Test
    default void setOfAnyVersionAndOfTheSameValueRaisesTheVersionToo() {
        withStore(store -> {
            commit(store, durable(A, "same"));
            for (int version = 1; version < 6; version++) {
                commit(store, set(A, "same"));
                assertEquals(version, fresh(store, A).orElseThrow().version());
            }
        });
    }

    @Test
    default void deletedEntryIsGone() {
        withStore(store -> {
            commit(store, durable(A, "one"), durable(B, "one"));
            commit(store, new Op.Delete(A, 0));
            commit(store, delete(B));
            assertEquals(Optional.empty(), fresh(store, A));
            assertEquals(Optional.empty(), fresh(store, B));
        });
    }

    @Test
    default void checkChangesNothing() {
        withStore(store -> {
            commit(store, durable(A, "one"));
            Optional<Entry> before = fresh(store, A);
            commit(store, new Op.Check(A, 0));
            commit(store, new Op.Check(A, Op.ANY_VERSION));
            assertEquals(before, fresh(store, A));
        });
    }

    @Test
    default void entryCreatedAnewHasAnotherStamp() {
        withStore(store -> {
            long first = commit(store, durable(A, "one")).stamp();
            long deleted = commit(store, delete(A)).stamp();
            long second = commit(store, durable(A, "two")).stamp();
            assertTrue(first < deleted && deleted < second);
            assertEquals(second, fresh(store, A).orElseThrow().created());
            assertEquals("two", text(store, A, ReadConsistency.FRESH));
        });
    }

    // ---- refusals ----

    @Test
    default void createOfWhatIsThereIsRefused() {
        withStores((one, other) -> {
            commit(one, durable(A, "one"));
            assertRefused(0, Refusal.EXISTS, one, durable(A, "one"));
            assertRefused(0, Refusal.EXISTS, other, durable(A, "one"));
        });
    }

    @Test
    default void setOfAnotherVersionIsRefused() {
        withStores((one, other) -> {
            commit(one, durable(A, "one"));
            assertRefused(0, Refusal.VERSION, one, set(A, "two", 1));
            commit(one, set(A, "two", 0));
            assertRefused(0, Refusal.VERSION, one, set(A, "three", 0));
            assertRefused(0, Refusal.VERSION, other, set(A, "three", 0));
            assertEquals("two", text(one, A, ReadConsistency.FRESH));
        });
    }

    @Test
    default void deleteOfAnotherVersionIsRefused() {
        withStore(store -> {
            commit(store, durable(A, "one"));
            assertRefused(0, Refusal.VERSION, store, new Op.Delete(A, 1));
            assertTrue(fresh(store, A).isPresent());
        });
    }

    @Test
    default void checkOfAnotherVersionIsRefused() {
        withStore(store -> {
            commit(store, durable(A, "one"));
            assertRefused(0, Refusal.VERSION, store, new Op.Check(A, 1));
        });
    }

    @Test
    default void whatIsAboutAnEntryThatIsNotThereIsRefused() {
        withStore(store -> {
            assertRefused(0, Refusal.ABSENT, store, set(A, "one"));
            assertRefused(0, Refusal.ABSENT, store, set(A, "one", 0));
            assertRefused(0, Refusal.ABSENT, store, delete(A));
            assertRefused(0, Refusal.ABSENT, store, new Op.Delete(A, 0));
            assertRefused(0, Refusal.ABSENT, store, new Op.Check(A, Op.ANY_VERSION));
            assertRefused(0, Refusal.ABSENT, store, new Op.Check(A, 0));
            commit(store, durable(A, "one"));
            commit(store, delete(A));
            assertRefused(0, Refusal.ABSENT, store, set(A, "one"));
        });
    }

    @Test
    default void refusalNamesTheFirstOperationThatCouldNot() {
        withStore(store -> {
            commit(store, durable(A, "one"));
            Key c = key("c");
            assertRefused(1, Refusal.EXISTS, store, durable(B, "b"), durable(A, "a"));
            assertRefused(1, Refusal.VERSION, store, durable(B, "b"), set(A, "a", 1), delete(c));
            assertRefused(2, Refusal.ABSENT, store, durable(B, "b"), set(A, "a", 0), delete(c));
            assertRefused(0, Refusal.ABSENT, store, new Op.Check(c, 0), durable(A, "a"), delete(B));
        });
    }

    @Test
    default void refusedCommitChangesNothing() {
        withStore(store -> {
            commit(store, durable(A, "one"));
            Optional<Entry> before = fresh(store, A);
            assertRefused(2, Refusal.ABSENT, store, durable(B, "b"), set(A, "two"), delete(key("c")));
            assertEquals(before, fresh(store, A));
            assertEquals(List.of("a"), names(store, DIR));
        });
    }

    @Test
    default void nextCommitOfWhoWasRefusedTakesPlace() {
        withStore(store -> {
            assertRefused(0, Refusal.ABSENT, store, delete(A));
            commit(store, durable(A, "one"));
            assertEquals("one", text(store, A, ReadConsistency.FRESH));
        });
    }

    // ---- one stamp, and order ----

    @Test
    default void commitOfManyKindsHasOneStamp() {
        withStore(store -> {
            Key c = key("c");
            Key far = new Key("elsewhere/deep", "a");
            commit(store, durable(A, "a"));
            commit(store, durable(B, "b"));
            Committed all = commit(store, set(A, "a2", 0), delete(B), durable(c, "c"), durable(far, "far"));
            assertEquals(all.stamp(), fresh(store, A).orElseThrow().changed());
            assertEquals(all.stamp(), fresh(store, c).orElseThrow().created());
            assertEquals(all.stamp(), fresh(store, far).orElseThrow().created());
            assertEquals(Optional.empty(), fresh(store, B));
        });
    }

    @Test
    default void stampsRiseWhoeverCommits() {
        withStores((one, other) -> {
            long last = commit(one, durable(A, "0")).stamp();
            for (int i = 1; i < 20; i++) {
                long next = commit(i % 2 == 0 ? one : other, set(A, "" + i)).stamp();
                assertTrue(next > last, "the stamp of a later commit is higher");
                last = next;
            }
        });
    }

    @Test
    default void commitsOfASessionTakePlaceInTheOrderOfTheCalls() {
        withStore(store -> {
            commit(store, durable(A, "start"));
            List<Promise<CommitOutcome>> promises = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                promises.add(store.commit(List.of(set(A, "" + i), durable(key("each-" + i), "" + i))));
            }
            Committed last = committed(promises.getFirst());
            for (Promise<CommitOutcome> each : promises.subList(1, MANY)) {
                Committed next = committed(each);
                assertTrue(next.stamp() > last.stamp(), "stamps rise in the order of the calls");
                last = next;
            }
            Entry entry = fresh(store, A).orElseThrow();
            assertEquals("" + (MANY - 1), entry.value().utf8());
            assertEquals(MANY, entry.version());
            assertEquals(last.stamp(), entry.changed());
            assertEquals(MANY + 1, names(store, DIR).size());
        });
    }

    @Test
    default void commitSeesWhatTheOneBeforeItHasDoneThoughNobodyWaited() {
        withStore(store -> {
            List<Promise<CommitOutcome>> promises = new ArrayList<>();
            for (int i = 0; i < MANY / 3; i++) {
                promises.add(store.commit(List.of(durable(A, "" + i))));
                promises.add(store.commit(List.of(set(A, "more"))));
                promises.add(store.commit(List.of(delete(A))));
            }
            promises.forEach(this::committed);
            assertEquals(Optional.empty(), fresh(store, A));
        });
    }
}
