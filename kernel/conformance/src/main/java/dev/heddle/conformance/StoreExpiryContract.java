package dev.heddle.conformance;

import static dev.heddle.conformance.StoreFixture.durable;
import static dev.heddle.conformance.StoreFixture.ephemeral;
import static dev.heddle.conformance.StoreFixture.key;
import static dev.heddle.conformance.StoreFixture.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Promise;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * The contract of sessions that the store takes away, for the tests of engines that can be made to: see {@link
 * StoreContract}.
 */
public interface StoreExpiryContract extends StoreFixture {

    /**
     * Lets the store take a session of the engine, as if it had not heard of it for its timeout. Returns when it has,
     * or before; who owned the session hears of it then or later.
     */
    void expire(Store store);

    /** Its entries go, those of others and durable ones stay, and a watch tells of it. */
    @Test
    default void expiredSessionLosesItsEphemeralEntriesOnly() {
        withStores((one, other) -> {
            commit(one, ephemeral(key("a")), ephemeral(key("b")), durable(key("durable"), ""));
            commit(other, ephemeral(key("others")));
            WatchSignals signals = watched(other, DIR);
            long stamp = commit(other, durable(key("last"), "")).stamp();
            expire(one);
            signals.await(key("a"), stamp + 1);
            await(() -> names(other, DIR).equals(List.of("durable", "last", "others")));
            commit(other, set(key("others"), "still mine"));
        });
    }

    /** The state, and whoever listens for it, says so once and last. */
    @Test
    default void expiredSessionIsLostAndSaysSo() {
        withStores((one, other) -> {
            Queue<StoreState> told = new ConcurrentLinkedQueue<>();
            one.onState(told::add);
            expire(one);
            await(() -> one.state() instanceof StoreState.Lost);
            await(() -> told.stream().anyMatch(StoreState.Lost.class::isInstance));
            one.close();
            assertInstanceOf(StoreState.Lost.class, List.copyOf(told).getLast());
            assertEquals(1, told.stream().filter(StoreState.Lost.class::isInstance).count());
            assertInstanceOf(StoreState.Connected.class, other.state());
        });
    }

    /** Every call says that the session is over, and none has done anything. */
    @Test
    default void callsAfterTheExpirySayThatTheSessionIsLost() {
        withStores((one, other) -> {
            expire(one);
            await(() -> one.state() instanceof StoreState.Lost);
            assertEquals(new CommitOutcome.SessionLost(), join(one.commit(List.of(durable(key("a"), "")))));
            assertThrows(SessionLostException.class, () -> fresh(one, key("a")));
            assertThrows(SessionLostException.class, () -> list(one, DIR, ReadConsistency.LOCAL));
            assertThrows(SessionLostException.class, () -> join(one.watch(DIR, _ -> {})));
            assertEquals(List.of(), names(other, DIR));
        });
    }

    /** Its watches are closed. */
    @Test
    default void watchOfAnExpiredSessionIsClosed() {
        withStores((one, other) -> {
            WatchSignals first = watched(one, DIR);
            WatchSignals second = watched(one, "else");
            expire(one);
            first.awaitClosed();
            second.awaitClosed();
            commit(other, durable(key("a"), ""));
            first.assertNone();
        });
    }

    /** A commit that was under way as the session was taken tells the truth. */
    @Test
    default void commitsUnderWayAtTheExpiryTellTheTruth() {
        withStores((one, other) -> {
            List<Promise<CommitOutcome>> commits = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                commits.add(one.commit(List.of(ephemeral(key("own-" + i)), durable(new Key("durable", "" + i), ""))));
            }
            expire(one);
            await(() -> one.state() instanceof StoreState.Lost);
            List<String> there = names(other, "durable");
            for (int i = 0; i < 50; i++) {
                boolean isThere = there.contains("" + i);
                switch (join(commits.get(i))) {
                    case CommitOutcome.Committed _ -> assertEquals(true, isThere);
                    case CommitOutcome.NotSent _,CommitOutcome.SessionLost _ -> assertEquals(false, isThere);
                    case CommitOutcome.Unknown _ -> {
                        // Either.
                    }
                    case CommitOutcome.Refused refused -> throw new AssertionError(refused);
                }
            }
            await(() -> names(other, DIR).isEmpty());
        });
    }

    /** The next session is another one. */
    @Test
    default void nextSessionHasAnotherIdAndSeesWhatIsLeft() {
        run(() -> {
            String cluster = StoreFixture.newCluster();
            try (Store one = open(cluster)) {
                commit(one, durable(key("a"), "left"));
                expire(one);
                await(() -> one.state() instanceof StoreState.Lost);
                try (Store next = open(cluster)) {
                    assertNotEquals(one.session().id(), next.session().id());
                    assertEquals("left", text(next, key("a"), ReadConsistency.FRESH));
                }
            }
        });
    }
}
