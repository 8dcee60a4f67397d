package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.race;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** What a task held is free when the task has ended, while its loop goes on. */
final class LeakTest {

    private static final ScopedValue<Object> VALUE = ScopedValue.newInstance();

    private final List<WeakReference<Object>> held = Collections.synchronizedList(new ArrayList<>());

    @Test
    void endedTasksHoldNothing() {
        run(() -> {
            holdInTask(false);
            checkpoint();
            assertFreed();
        });
    }

    @Test
    void cancelledTasksHoldNothing() {
        run(() -> {
            holdInTask(true);
            checkpoint();
            assertFreed();
        });
    }

    @Test
    void failedAndCancelledGroupsHoldNothing() {
        run(() -> {
            assertThrows(GroupException.class, this::failingGroup);
            cancelledGroup();
            assertFreed();
        });
    }

    @Test
    void timeoutsThatDidNotExpireHoldNothing() {
        run(() -> {
            for (int i = 0; i < 10; i++) {
                timeout(ofHours(1), () -> waitWith(fresh()));
                moveOnAfter(ofHours(1), () -> waitWith(fresh()));
            }
            assertFreed();
            assertEquals(0, Heddle.currentLoop().statistics().timers());
        });
    }

    @Test
    void callbacksThatRanOrWereCancelledHoldNothing() {
        run(() -> {
            callback().cancel();
            callback();
            later().cancel();
            checkpoint();
            checkpoint();
            assertFreed();
        });
    }

    @Test
    void racesAndGathersHoldNothing() {
        run(() -> {
            raceAndGather();
            assertFreed();
        });
    }

    @Test
    void interruptedForeignWaitsHoldNothing() {
        run(() -> {
            foreignWait();
            assertFreed();
        });
    }

    @Test
    void idleWorkersHoldNothing() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                workWithAll(pool);
                assertFreed();
            }
        });
    }

    @Test
    void iteratorsOfEndsThatWereLeftEarlyHoldNothing() {
        run(() -> {
            Promise<String> open = new Promise<>();
            Task<Void> living = spawn(() -> {
                sleep(ofHours(1));
            });
            for (int i = 0; i < 100; i++) {
                leaveEarly(living, open);
            }
            race(() -> open.join(), () -> "won");
            assertFreed();
            for (int i = 0; i < 100; i++) {
                leaveEarly(living, open);
            }
            assertTrue(open.listeners() <= 101, () -> open.listeners() + " listeners");
        });
    }

    private void leaveEarly(Joinable<?>... living) {
        Task<String> ended = spawn(() -> "ended");
        List<Joinable<?>> all = new ArrayList<>(List.of(living));
        all.add(ended);
        Iterator<Joinable<?>> ends = Tasks.<Joinable<?>>asCompleted(all).iterator();
        held.add(new WeakReference<>(ends));
        assertEquals(ended, ends.next());
    }

    private void workWithAll(WorkerPool pool) {
        ScopedValue.where(VALUE, fresh()).run(() -> {
            Object body = fresh();
            Heddle.<Object>offload(() -> with(body));
            Heddle.<Object>offload(() -> with(body));
            pool.<Object>call(() -> with(body));
        });
    }

    private Object with(Object body) {
        body.hashCode();
        return fresh();
    }

    private void holdInTask(boolean cancel) {
        Object local = fresh();
        Task<Void> task = spawn(() -> {
            if (cancel) {
                sleep(ofHours(1));
            }
            waitWith(local);
        });
        checkpoint();
        if (cancel) {
            task.cancel("enough");
            assertThrows(TaskCancelledException.class, task::join);
        } else {
            task.join();
        }
    }

    private void failingGroup() {
        group(g -> {
            Object local = fresh();
            g.spawn(() -> {
                sleep(ofHours(1));
                waitWith(local);
            });
            checkpoint();
            throw new IllegalStateException("made up");
        });
    }

    private void cancelledGroup() {
        moveOnAfter(ofMillis(1), () -> group(g -> {
            Object local = fresh();
            g.spawn(() -> {
                sleep(ofHours(1));
                waitWith(local);
            });
        }));
    }

    private Handle callback() {
        Object local = fresh();
        return Heddle.currentLoop().callSoon(() -> local.hashCode());
    }

    private Handle later() {
        Object local = fresh();
        return Heddle.currentLoop().callLater(ofHours(1), () -> local.hashCode());
    }

    private void raceAndGather() {
        Object local = fresh();
        assertEquals("won", race(() -> "won", () -> {
            sleep(ofHours(1));
            return local.toString();
        }));
        gather(() -> waitWith(local), () -> waitWith(local));
    }

    private void foreignWait() {
        ReentrantLock local = new ReentrantLock();
        held.add(new WeakReference<>(local));
        moveOnAfter(ofMillis(1), () -> {
            local.lock();
            local.newCondition().await();
        });
    }

    private Object fresh() {
        Object local = new Object();
        held.add(new WeakReference<>(local));
        return local;
    }

    private static void waitWith(Object local) {
        checkpoint();
        local.hashCode();
    }

    private void assertFreed() {
        for (int i = 0; i < 20 && held.stream().anyMatch(reference -> reference.get() != null); i++) {
            System.gc();
            sleep(ofMillis(1));
        }
        for (int i = 0; i < held.size(); i++) {
            assertNull(held.get(i).get(), "object " + i + " of " + held.size());
        }
    }
}
