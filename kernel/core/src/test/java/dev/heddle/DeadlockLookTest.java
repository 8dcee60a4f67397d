package dev.heddle;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.engine.NioEngine;
import dev.heddle.internal.diagnosis.LoopView;
import dev.heddle.internal.diagnosis.WaitGraph;
import dev.heddle.sync.Mutex;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A look for deadlocks holds nobody up: it gives way every few tasks, and ends when the loop has woken up. */
final class DeadlockLookTest {

    private int breaks;
    private @Nullable Loop loop;
    private @Nullable LoopView view;
    private List<String> waits = List.of();

    /** Looks once while the loop of a body sleeps. */
    private void look(Runnable giveWay, Action body) {
        var looked = new AtomicBoolean();
        Config config = Config.DEFAULT.withSignals(false).withEngine(() -> new ForwardingEngine(new NioEngine()) {
            @Override
            public boolean poll(long timeoutNanos, boolean external) {
                if (timeoutNanos > 0 && !looked.getAndSet(true)) {
                    view = LoopView.ofSleeping(requireNonNull(loop), () -> {
                        breaks++;
                        giveWay.run();
                    });
                    waits = view == null ? List.of() : waits(WaitGraph.ofHeld(List.of(view)));
                }
                return super.poll(timeoutNanos, external);
            }
        });
        Heddle.run(config, () -> {
            loop = currentLoop();
            body.run();
            while (!looked.get()) {
                sleep(ofMillis(1));
            }
        });
    }

    private static List<String> waits(WaitGraph graph) {
        return graph.waits().stream()
                .map(wait -> requireNonNull(wait.task()).name() + (wait.holders().isEmpty() ? "" : " for a holder"))
                .toList();
    }

    private static void spawnMany(int tasks) {
        for (int i = 0; i < tasks; i++) {
            spawn(() -> sleep(ofHours(1)));
        }
    }

    @Test
    void lookAtManyTasksGivesWayEveryFewOfThem() {
        look(() -> {}, () -> spawnMany(LoopView.MAX_TASKS));
        assertNotNull(view);
        assertEquals(LoopView.MAX_TASKS, view.threads().size());
        assertTrue(breaks >= LoopView.MAX_TASKS / LoopView.SLICE, () -> breaks + " times");
    }

    @Test
    void lookEndsBehindTheFewTasksInWhichTheLoopWokeUp() {
        look(() -> {
            if (breaks == 3) {
                wakeFromElsewhere();
            }
        }, () -> spawnMany(LoopView.MAX_TASKS));
        assertNull(view);
        assertEquals(3, breaks);
    }

    private void wakeFromElsewhere() {
        try {
            Thread.ofPlatform().start(() -> requireNonNull(loop).spawn(() -> {})).join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void onlyWaitsForWhatSomebodyHoldsAndThoseOfTheHoldersAreLookedAtClosely() {
        Mutex mutex = Mutex.create();
        look(() -> {}, () -> {
            spawnMany(500);
            spawn("ann", () -> mutex.run(() -> sleep(ofHours(1))));
            spawn("bob", mutex::acquire);
        });
        assertEquals(List.of("bob for a holder", "ann"), waits);
    }
}
