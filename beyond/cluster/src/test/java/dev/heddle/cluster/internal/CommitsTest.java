package dev.heddle.cluster.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.sim.Sim;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommitsTest {

    private static final SessionOptions OPTIONS = SessionOptions.of("shop");

    private static Op create(String name) {
        return new Op.Create(new Key("values", name), Bytes.EMPTY, Lifetime.DURABLE);
    }

    @Test
    void commitThatIsWrongUsageLeavesItsWitnessToTheNext() {
        Sim.run(() -> {
            try (Lease lease = Lease.open(InMemoryStore.create(), OPTIONS, Backoff.DEFAULT, Lease.NOTHING_SEEN)) {
                for (int i = 0; i < 3; i++) {
                    assertThrows(IllegalArgumentException.class,
                            () -> lease.commits().start(List.of(create("twice"), create("twice"))));
                }
                assertInstanceOf(CommitOutcome.Committed.class, lease.commits().commit(List.of(create("once"))));
                assertEquals(1, lease.store().list("witnesses", ReadConsistency.FRESH).join().entries().size());
            }
        });
    }

    @Test
    void commitThatIsWrongUsageFailsItsCallerAndKeepsNoneThatTravelTogetherFromTheirWay() {
        Sim.run(() -> {
            try (Lease lease = Lease.open(InMemoryStore.create(), OPTIONS, Backoff.DEFAULT, Lease.NOTHING_SEEN)) {
                for (int i = 0; i < 10; i++) {
                    assertThrows(IllegalArgumentException.class,
                            () -> lease.groupCommits().commit(List.of(create("twice"), create("twice"))));
                }
                assertInstanceOf(CommitOutcome.Committed.class, lease.groupCommits().commit(List.of(create("once"))));
            }
        });
    }

    @Test
    void witnessThatAPersonHasTakenAwayRefusesOneCommitAndNoMore() {
        Sim.run(() -> {
            try (Lease lease = Lease.open(InMemoryStore.create(), OPTIONS, Backoff.DEFAULT, Lease.NOTHING_SEEN)) {
                lease.commits().commit(List.of(create("first")));
                Key witness = lease.store().list("witnesses", ReadConsistency.FRESH).join().entries().getFirst().key();
                lease.store().commit(List.of(new Op.Delete(witness, Op.ANY_VERSION))).join();
                assertInstanceOf(CommitOutcome.Refused.class, lease.commits().commit(List.of(create("second"))));
                assertInstanceOf(CommitOutcome.Committed.class, lease.commits().commit(List.of(create("second"))));
            }
        });
    }

    @Test
    void outcomeThatGetsUnknownWhileTheLoopEndsIsTold() {
        Promise<CommitOutcome> answer = new Promise<>();
        Promise<CommitOutcome> known = Heddle.run(() -> {
            Loop loop = Heddle.currentLoop();
            Store store = InMemoryStore.create().open(OPTIONS);
            Commits commits = new Commits(answering(store, answer), loop, Backoff.DEFAULT);
            afterTheLastTask(loop, Task.ofThread(Thread.currentThread()).orElseThrow(),
                    () -> answer.complete(new CommitOutcome.Unknown("a test")));
            store.close();
            return commits.start(List.of(create("value")));
        });
        assertTrue(known.isDone());
        assertInstanceOf(CommitOutcome.Unknown.class, known.join());
    }

    private static void afterTheLastTask(Loop loop, Task<?> main, Runnable action) {
        loop.callSoon(() -> {
            if (main.isDone()) {
                loop.callSoon(() -> fromAThread(action)); // when the loop takes no more tasks
            } else {
                afterTheLastTask(loop, main, action);
            }
        });
    }

    private static void fromAThread(Runnable action) {
        Thread thread = Thread.ofPlatform().start(action);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A store whose commits all have one answer. */
    private static Store answering(Store store, Promise<CommitOutcome> answer) {
        return (Store) Proxy.newProxyInstance(Store.class.getClassLoader(), new Class<?>[]{Store.class},
                (_, method, args) -> method.getName().equals("commit") ? answer : method.invoke(store, args));
    }
}
