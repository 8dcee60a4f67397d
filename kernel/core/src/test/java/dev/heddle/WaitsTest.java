package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.diagnosis.LoopView;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.Waits;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Select;
import dev.heddle.sync.WorkQueue;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The graph of waits goes on from each thing to who holds it, or is the last to have done what would end the wait. */
final class WaitsTest {

    private final Config config = Config.DEFAULT
            .withSignals(false)
            .withShutdownTimeout(ofMillis(20))
            .withBlockedAfter(ofMillis(0))
            .withFailureHandler((what, failure) -> {});

    /** What is seen when each of the tasks that a body has spawned waits. */
    private Waits seen(Action body) {
        return run(config, () -> {
            body.run();
            sleep(ofMillis(2));
            Waits waits = Kernel.get().waits(1000, false);
            Heddle.currentTask().owned().forEach(Task::cancel);
            return waits;
        });
    }

    private static Waits.Wait waitOf(Waits waits, String who) {
        return waits.waits().stream()
                .filter(each -> each.words().who().contains("task " + who + " "))
                .findAny()
                .orElseThrow(() -> new AssertionError(who + " does not wait in " + waits));
    }

    private static Waits.Other otherOf(Waits waits, long node) {
        return waits.others().stream()
                .filter(each -> each.node() == node)
                .findAny()
                .orElseThrow(() -> new AssertionError(node + " is not named in " + waits));
    }

    private static long nodeOf(Waits waits, String who) {
        return waitOf(waits, who).node();
    }

    @Test
    void senderAtAFullChannelNamesWhoReceivedFromItLast() {
        Waits waits = seen(() -> {
            Channel<Integer> channel = Channel.of(1);
            spawn("reader", () -> {
                channel.receive();
                sleep(ofHours(1));
            });
            spawn("writer", () -> {
                channel.send(1);
                channel.send(2);
                channel.send(3);
            });
        });
        Waits.Wait writer = waitOf(waits, "writer");
        assertEquals("sending to a channel of 1", writer.words().what());
        assertEquals(List.of(), writer.holders());
        assertEquals(List.of(nodeOf(waits, "reader")), writer.likely());
        assertTrue(waitOf(waits, "reader").words().what().contains("sleep"), waits::toString);
        assertTrue(waitOf(waits, "reader").words().stack().toString().contains("WaitsTest.java:"), waits::toString);
    }

    @Test
    void receiverAtAnEmptyQueueNamesWhoPutLast() {
        Waits waits = seen(() -> {
            WorkQueue<Integer> queue = WorkQueue.fifo(1);
            spawn("reader", () -> {
                queue.take();
                queue.take();
            });
            spawn("writer", () -> {
                queue.put(1);
                sleep(ofHours(1));
            });
        });
        assertEquals(List.of(nodeOf(waits, "writer")), waitOf(waits, "reader").likely());
    }

    @Test
    void selectNamesWhoDidLastWhatWouldEndAnyOfItsClauses() {
        Waits waits = seen(() -> {
            Channel<Integer> empty = Channel.of(1);
            Channel<Integer> full = Channel.of(1);
            spawn("writer", () -> {
                empty.send(1);
                sleep(ofHours(1));
            });
            spawn("reader", () -> Select.<Integer>of().receive(full, n -> n).receive(full, n -> n).get());
            spawn("selecting", () -> {
                empty.receive();
                full.send(1);
                checkpoint();
                full.send(2);
                return Select.<Integer>of().receive(empty, n -> n).send(full, 3, () -> 0).await(Event.create(), () -> 0)
                        .get();
            });
        });
        assertEquals(2, waitOf(waits, "selecting").likely().size(), waits::toString);
        assertTrue(waitOf(waits, "selecting").likely().contains(nodeOf(waits, "writer")), waits::toString);
    }

    @Test
    void whoHasEndedIsNamedAsEnded() {
        Waits waits = seen(() -> {
            Channel<Integer> channel = Channel.of(1);
            spawn("reader", channel::receive);
            spawn("writer", () -> {
                channel.send(1);
                channel.send(2);
                channel.send(3);
            });
        });
        long last = waitOf(waits, "writer").likely().getFirst();
        assertEquals("ended", otherOf(waits, last).state());
    }

    @Test
    void whoHasNeverBeenThereIsNobody() {
        Waits waits = seen(() -> spawn("reader", () -> Channel.of(1).receive()));
        assertEquals(List.of(), waitOf(waits, "reader").likely());
    }

    @Test
    void holderThatOnlySleepsIsNamedWithItsLine() {
        Waits waits = seen(() -> {
            Mutex mutex = Mutex.named("noodles");
            spawn("ann", () -> mutex.run(() -> sleep(ofHours(1))));
            spawn("bob", mutex::acquire);
        });
        assertEquals(List.of(nodeOf(waits, "ann")), waitOf(waits, "bob").holders());
        assertTrue(waitOf(waits, "ann").words().line().isPresent());
        assertNotEquals(0, waitOf(waits, "ann").task());
        assertEquals("loop", waitOf(waits, "ann").loop());
    }

    @Test
    void whoRunsALoopWaitsForItsMainTask() throws Exception {
        Callable<Waits> look = () -> {
            sleep(ofMillis(1));
            return Kernel.get().waits(1000, false);
        };
        Waits waits = run(config, look);
        Waits.Wait runner = waits.waits().stream()
                .filter(each -> each.words().who().equals("thread " + Thread.currentThread().getName()))
                .findAny()
                .orElseThrow(() -> new AssertionError(waits.toString()));
        Waits.Other main = otherOf(waits, runner.holders().getFirst());
        assertEquals("running", main.state());
        assertTrue(main.who().startsWith("task main"), main::who);
    }

    @Test
    void cyclesComeFirstAndHaveNumbers() {
        Waits waits = seen(() -> {
            Channel<Integer> nothing = Channel.of(1);
            spawn("other", nothing::receive);
            for (String table : List.of("one", "two")) {
                Mutex noodles = Mutex.create();
                Mutex fork = Mutex.create();
                spawn("ann " + table, () -> noodles.run(() -> {
                    checkpoint();
                    fork.acquire();
                }));
                spawn("bob " + table, () -> fork.run(() -> {
                    checkpoint();
                    noodles.acquire();
                }));
            }
        });
        assertEquals(
                List.of(1, 1, 2, 2, 0),
                waits.waits().stream().limit(5).map(Waits.Wait::cycle).toList());
    }

    @Test
    void anyNumberOfTasksIsLookedAtAndThoseThatWaitForNobodyAreOnlyCounted() {
        int many = LoopView.MAX_TASKS + 500;
        Waits waits = seen(() -> {
            for (int i = 0; i < many; i++) {
                spawn(() -> sleep(ofHours(1)));
            }
            Mutex mutex = Mutex.create();
            spawn("ann", () -> mutex.run(() -> sleep(ofHours(1))));
            spawn("bob", mutex::acquire);
        });
        assertEquals(List.of(nodeOf(waits, "ann")), waitOf(waits, "bob").holders());
        assertTrue(waits.plain() >= many, () -> waits.plain() + " plain waits");
        assertEquals(0, waits.leftOut());
    }

    @Tag("full")
    @Test
    void loopThatDoesNotAnswerIsStarvedAndItsHoldersAreNamedAllTheSame() {
        try (Loop loop = Loop.start(config.withName("held"))) {
            Mutex mutex = Mutex.create();
            var release = new AtomicBoolean();
            loop.spawn("spinning", () -> mutex.run(() -> {
                while (!release.get()) {
                    Thread.onSpinWait();
                }
            }));
            while (!mutex.isHeld()) {
                Thread.onSpinWait();
            }
            Waits waits = seen(() -> spawn("bob", mutex::acquire));
            release.set(true);
            assertEquals("held", waits.starved().getFirst().loop());
            Waits.Other spinning = otherOf(waits, waitOf(waits, "bob").holders().getFirst());
            assertEquals("held", spinning.loop());
            assertEquals("running", spinning.state());
            assertTrue(spinning.stack().toString().contains("WaitsTest"), spinning::toString);
        }
    }
}
