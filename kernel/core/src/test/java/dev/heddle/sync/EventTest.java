package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An event wakes all who wait and holds nobody up while it is set. */
final class EventTest {

    @Test
    void settingItWakesAllWhoWaitInTheOrderTheyCame() {
        ManualEngine.run(() -> {
            Event event = Event.create();
            List<Integer> woken = new ArrayList<>();
            group(g -> {
                for (int i = 0; i < 5; i++) {
                    int me = i;
                    g.spawn(() -> {
                        event.await();
                        woken.add(me);
                    });
                }
                checkpoint();
                assertEquals(new Event.Statistics(false, 5), event.statistics());
                event.set();
            });
            assertEquals(List.of(0, 1, 2, 3, 4), woken);
            assertEquals(new Event.Statistics(true, 0), event.statistics());
        });
    }

    @Test
    void onceSetItHoldsNobodyUp() {
        ManualEngine.run(() -> {
            Event event = Event.create();
            assertFalse(event.isSet());
            event.set();
            event.set();
            assertTrue(event.isSet());
            event.await();
            assertTrue(event.awaitWithin(Duration.ZERO));
        });
    }

    @Test
    void clearingItDoesNotUnWakeWhoWasWoken() {
        ManualEngine.run(() -> {
            Event event = Event.create();
            Task<Void> waiting = spawn(event::await);
            checkpoint();
            event.set();
            event.clear();
            waiting.join();
            assertFalse(event.isSet());
            assertFalse(event.awaitWithin(Duration.ZERO));
        });
    }

    @Test
    void itIsSetAndClearedByOneTaskAfterTheOther() {
        ManualEngine.run(() -> {
            Event event = Event.create();
            spawn(event::set).join();
            spawn(event::clear).join();
            assertEquals(new Event.Statistics(false, 0), event.statistics());
        });
    }

    @Test
    void waitWithALimitTellsWhetherItWasSet() {
        ManualEngine.run(() -> {
            Event event = Event.create();
            spawn(() -> {
                sleep(Duration.ofSeconds(3));
                event.set();
            });
            assertFalse(event.awaitWithin(Duration.ofSeconds(2)));
            assertEquals(Duration.ofSeconds(2), ManualEngine.elapsed());
            assertFalse(event.awaitWithin(Duration.ofSeconds(-1)));
            assertEquals(0, event.statistics().waiting());
            assertTrue(event.awaitWithin(Duration.ofSeconds(2)));
            assertEquals(Duration.ofSeconds(3), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelledWaitLeavesNothingBehind() {
        ManualEngine.run(() -> {
            Event event = Event.create();
            Task<Void> waiting = spawn(event::await);
            checkpoint();
            waiting.cancel();
            assertThrows(TaskCancelledException.class, waiting::join);
            assertThrows(DeadlineExceededException.class, () -> timeout(Duration.ofSeconds(1), event::await));
            assertEquals(0, event.statistics().waiting());
        });
    }

    @Test
    void wakeUpIsDeliveredThoughACancelComesAfterIt() {
        ManualEngine.run(() -> {
            Event event = Event.create();
            Task<String> waiting = spawn(() -> {
                event.await();
                return "woken";
            });
            checkpoint();
            event.set();
            waiting.cancel();
            assertEquals("woken", waiting.join());
        });
    }

    @Test
    void inACancelledScopeEvenASetEventThrows() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            Event event = Event.create();
            event.set();
            scope.cancel("enough");
            assertThrows(CancelledException.class, event::await);
            assertThrows(CancelledException.class, () -> event.awaitWithin(Duration.ofSeconds(1)));
        }));
    }

    @Test
    void reportNamesIt() {
        ManualEngine.run(() -> {
            Event event = Event.named("dinner");
            Task<Void> waiting = spawn(event::await);
            checkpoint();
            assertEquals(Optional.of("waiting for event dinner"), waiting.waitingFor());
            assertEquals("event dinner, not set", event.toString());
            event.set();
        });
    }

    @Test
    void threadThatIsInterruptedWhileItWaitsIsCancelled() {
        Event event = Event.create();
        Thread.currentThread().interrupt();
        assertThrows(CancelledException.class, event::await);
        assertTrue(Thread.interrupted());
        assertEquals(0, event.statistics().waiting());
    }
}
