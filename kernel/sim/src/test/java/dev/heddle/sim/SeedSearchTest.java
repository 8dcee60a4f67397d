package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** One body with many seeds, and the failing one that is easiest to look at. */
final class SeedSearchTest {

    private final List<Long> ran = new ArrayList<>();

    /** Fails for multiples of a number, after a count of steps that falls from seed to seed. */
    private Action failingAt(long every, RuntimeException failure) {
        return () -> {
            long seed = Sim.current().seed();
            ran.add(seed);
            if (seed % every == 0) {
                for (long i = seed; i < 1000; i++) {
                    checkpoint();
                }
                throw failure;
            }
        };
    }

    @Test
    void everySeedIsRunWhereNoneFails() {
        Sim.seeds(5, 20, () -> ran.add(Sim.current().seed()));
        assertEquals(LongStream.range(5, 25).boxed().toList(), ran);
    }

    @Test
    void failureWithTheFewestStepsComesOutWithTheLineThatReplaysItAndHowManyFailed() {
        IllegalStateException failure = new IllegalStateException("mine");
        Throwable thrown = assertThrows(
                IllegalStateException.class, () -> Sim.seeds(1, 50, failingAt(10, failure)));
        assertSame(failure, thrown);
        String note = thrown.getSuppressed()[thrown.getSuppressed().length - 1].getMessage();
        assertTrue(note.contains("5 of 50 seeds failed"), note);
        assertTrue(note.endsWith("seed 50; replay it with Sim.run(50L, body)"), note);
        assertEquals(50, ran.size());
    }

    @Test
    void oneHundredMoreSeedsAreTriedAfterTheFirstFailureAndNoMore() {
        assertThrows(
                IllegalStateException.class,
                () -> Sim.seeds(1, 10_000, failingAt(7, new IllegalStateException("mine"))));
        assertEquals(107, ran.size());
    }

    @Test
    void optionsHoldForAllSeedsAndTheLineNamesThem() {
        SimOptions options = SimOptions.DEFAULT.withSeed(100).withMaxSteps(50);
        SimLimitException limit = assertThrows(SimLimitException.class, () -> Sim.seeds(options, 3, sim -> {
            ran.add(sim.seed());
            while (true) {
                checkpoint();
            }
        }));
        assertEquals(List.of(100L, 101L, 102L), ran);
        String notes = Arrays.toString(limit.getSuppressed());
        assertTrue(notes.contains("3 of 3 seeds failed"), notes);
        assertTrue(notes.contains("Sim.run(options.withSeed(10"), notes);
    }

    @Test
    void interruptEndsTheSearchWithTheRunThatItHit() {
        Thread searching = Thread.currentThread();
        assertThrows(CancelledException.class, () -> Sim.seeds(1, 100, () -> {
            ran.add(Sim.current().seed());
            searching.interrupt();
            while (true) {
                checkpoint();
            }
        }));
        assertTrue(Thread.interrupted());
        assertEquals(1, ran.size());
    }

    @Test
    void thereIsAtLeastOneSeed() {
        assertThrows(IllegalArgumentException.class, () -> Sim.seeds(1, 0, () -> {}));
    }

    @Test
    void replayedSeedFailsTheSameWay() {
        Action body = () -> {
            int number = Sim.current().random().below(20);
            assertTrue(number != 3, "three");
        };
        AssertionError found = assertThrows(AssertionError.class, () -> Sim.seeds(1, 200, body));
        String note = found.getSuppressed()[found.getSuppressed().length - 1].getMessage();
        long seed = Long.parseLong(note.substring(note.indexOf("Sim.run(") + 8, note.indexOf("L, body)")));
        AssertionError again = assertThrows(AssertionError.class, () -> Sim.run(seed, body));
        assertEquals(found.getMessage(), again.getMessage());
    }

    @Test
    void planThatStrikesInNoSeedIsToldOnceAndOneThatDoesIsNot() {
        FaultPlan plan = FaultPlan.NONE
                .withHostStalls(Duration.ofSeconds(10), Duration.ofSeconds(3))
                .withCuts(1, 1);
        SimOptions options = SimOptions.DEFAULT.withFaults(plan);
        String told = printed(() -> Sim.seeds(options, 5, sim -> sleep(Duration.ofMinutes(1))));
        assertTrue(told.contains("any of 5 seeds"), told);
        assertTrue(told.contains("cut connections, stalls of hosts;"), told);
        assertEquals(1, told.lines().count());

        told = printed(() -> Sim.seeds(
                SimOptions.DEFAULT.withFaults(plan.withCuts(0, 1)), 5,
                sim -> sim.network().host("a").run(() -> {
                    for (int i = 0; i < 60; i++) {
                        sleep(Duration.ofSeconds(1));
                    }
                })));
        assertEquals("", told);
    }

    private static String printed(Runnable body) {
        PrintStream before = System.err;
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            body.run();
        } finally {
            System.setErr(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
