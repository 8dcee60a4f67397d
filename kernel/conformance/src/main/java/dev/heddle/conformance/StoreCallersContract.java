package dev.heddle.conformance;

import static dev.heddle.conformance.StoreFixture.durable;
import static dev.heddle.conformance.StoreFixture.ephemeral;
import static dev.heddle.conformance.StoreFixture.key;
import static dev.heddle.conformance.StoreFixture.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.CommitOutcome.Committed;
import dev.heddle.cluster.store.CommitOutcome.Refused;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Refusal;
import dev.heddle.cluster.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract of those who call: many tasks, other threads, other loops, callers that are cancelled. */
interface StoreCallersContract extends StoreFixture {

    @Test
    default void manyTasksLoseNoIncrement() {
        run(() -> {
            String cluster = StoreFixture.newCluster();
            try (Store one = open(cluster);
                    Store two = open(cluster);
                    Store three = open(cluster);
                    Store four = open(cluster)) {
                List<Store> stores = List.of(one, two, three, four);
                commit(one, durable(key("counter"), "0"));
                Heddle.group(group -> {
                    for (int i = 0; i < 64; i++) {
                        Store store = stores.get(i % stores.size());
                        group.spawn(() -> increment(store));
                    }
                });
                assertEquals("64", text(two, key("counter"), ReadConsistency.FRESH));
            }
        });
    }

    private void increment(Store store) {
        for (CommitOutcome outcome = null; !(outcome instanceof Committed);) {
            Entry entry = fresh(store, key("counter")).orElseThrow();
            int count = Integer.parseInt(entry.value().utf8());
            outcome = join(store.commit(List.of(set(key("counter"), "" + (count + 1), entry.version()))));
            if (outcome instanceof Refused refused) {
                assertEquals(new Refused(0, Refusal.VERSION), refused);
            } else {
                assertEquals(Committed.class, outcome.getClass());
            }
        }
    }

    @Test
    default void oneOfManyCreatorsWins() {
        withStores((one, other) -> {
            List<Promise<CommitOutcome>> commits = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                commits.add((i % 2 == 0 ? one : other).commit(List.of(ephemeral(key("lock")))));
            }
            long won = commits.stream().filter(each -> join(each) instanceof Committed).count();
            long refused = commits.stream()
                    .filter(each -> join(each).equals(new Refused(0, Refusal.EXISTS)))
                    .count();
            assertEquals(List.of(1L, 19L), List.of(won, refused));
        });
    }

    @Test
    default void callsOfManyTasksAllEnd() {
        withStore(store -> {
            Heddle.group(group -> {
                for (int i = 0; i < 64; i++) {
                    String name = "" + i;
                    group.spawn(() -> {
                        commit(store, durable(key(name), name));
                        assertEquals(name, text(store, key(name), ReadConsistency.LOCAL));
                        list(store, DIR, ReadConsistency.LOCAL);
                        assertEquals(name, text(store, key(name), ReadConsistency.FRESH));
                    });
                }
            });
            assertEquals(64, names(store, DIR).size());
        });
    }

    @Test
    default void cancelledCallerHasNotTakenBackItsCommit() {
        withStores((one, other) -> {
            for (int i = 0; i < 10; i++) {
                String name = "" + i;
                Task<Promise<CommitOutcome>> caller = Heddle.spawn(() -> {
                    Promise<CommitOutcome> promise = one.commit(List.of(durable(key(name), "")));
                    Heddle.moveOnAfter(Duration.ZERO, () -> promise.join());
                    return promise;
                });
                committed(caller.join());
                assertEquals(Optional.of(name), fresh(other, key(name)).map(each -> each.key().name()));
            }
        });
    }

    @Test
    default void cancelledOpenLeavesNoSessionThatDoesAnything() {
        run(() -> {
            String cluster = StoreFixture.newCluster();
            List<Store> opened = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Heddle.moveOnAfter(Duration.ofMillis(i), () -> opened.add(open(cluster)));
            }
            opened.forEach(Store::close);
            try (Store store = open(cluster)) {
                commit(store, durable(key("a"), ""));
                assertEquals(List.of("a"), names(store, DIR));
            }
        });
    }

    @Test
    default void cancelledCloseHasEndedTheSession() {
        withStores((one, other) -> {
            commit(one, ephemeral(key("a")));
            Heddle.moveOnAfter(Duration.ZERO, () -> one.close());
            await(() -> fresh(other, key("a")).isEmpty());
            assertEquals(new CommitOutcome.SessionLost(), join(one.commit(List.of(durable(key("b"), "")))));
        });
    }

    @Test
    default void callsComeFromThreadsThatAreOnNoLoop() {
        withStore(store -> {
            List<Promise<CommitOutcome>> commits = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                String name = "" + i;
                commits.add(Heddle.offload(() -> store.commit(List.of(durable(key(name), "")))));
            }
            commits.forEach(this::committed);
            var signals = new WatchSignals(patience());
            join(Heddle.offload(() -> store.watch(DIR, signals)));
            assertEquals(5, join(Heddle.offload(() -> store.list(DIR, ReadConsistency.LOCAL))).entries().size());
            signals.await(key("0"), commit(store, set(key("0"), "x")).stamp());
            Heddle.offload(() -> store.close());
            assertEquals(new CommitOutcome.SessionLost(), join(store.commit(List.of(durable(key("b"), "")))));
        });
    }

    @Test
    default void callsComeFromTwoLoops() {
        withStore(store -> {
            try (Loop second = Loop.start(Config.DEFAULT.withName("second"))) {
                List<Promise<CommitOutcome>> commits = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    String name = "" + i;
                    commits.add(store.commit(List.of(durable(key("here-" + name), ""))));
                    commits.add(second.spawn(() -> store.commit(List.of(durable(key("there-" + name), "")))).join());
                }
                commits.forEach(this::committed);
                assertEquals(100, names(store, DIR).size());
                assertFalse(second.isClosed());
            }
        });
    }
}
