package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskCancelledException;
import dev.heddle.generators.DuplexGenerator.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A generator whose body runs ahead of its consumer. */
final class GeneratorAheadTest extends BothForms {

    private final RuntimeException failure = new IllegalArgumentException("planted");

    private final List<String> log = new ArrayList<>();

    private Generator<Integer> upTo(int end) {
        return Generator.of(out -> {
            try {
                for (int i = 0; i < end; i++) {
                    log.add("gives " + i);
                    out.yield(i);
                }
            } finally {
                log.add("finally");
            }
        });
    }

    private Generator<Integer> failingAt(int end) {
        return Generator.of(out -> {
            for (int i = 0; i < end; i++) {
                out.yield(i);
            }
            throw failure;
        });
    }

    private static List<Integer> pulled(Generator<Integer> generator) {
        List<Integer> list = new ArrayList<>();
        Iterator<Integer> elements = generator.iterator();
        while (elements.hasNext()) {
            list.add(elements.next());
        }
        return list;
    }

    private static List<Integer> below(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 64, Generator.MAX_READ_AHEAD})
    void elementsAreTheSameInTheSameOrder(int ahead) {
        for (int count = 0; count < 12; count++) {
            assertEquals(below(count), pulled(upTo(count).readAhead(ahead)));
            assertEquals(below(count), upTo(count).readAhead(ahead).stream().toList());
        }
    }

    @Test
    void bodyRunsAsFarAheadAsToldAndNotBeforeItIsAsked() {
        Generator<Integer> generator = upTo(5).readAhead(2);
        assertEquals(List.of(), log);

        assertEquals(0, generator.next());
        assertEquals(List.of("gives 0", "gives 1"), log);
        assertEquals(1, generator.next());
        assertEquals(List.of("gives 0", "gives 1"), log);
        assertEquals(2, generator.next());
        assertEquals(List.of("gives 0", "gives 1", "gives 2", "gives 3"), log);
        generator.close();
    }

    @Test
    void generatorIsSuspendedUntilItsLastElementIsTakenAndItsEndSeen() {
        Generator<Integer> generator = upTo(2).readAhead(8);
        assertEquals(State.CREATED, generator.state());
        generator.next();
        assertEquals(List.of("gives 0", "gives 1", "finally"), log);
        assertEquals(State.SUSPENDED, generator.state());
        generator.next();
        assertEquals(State.SUSPENDED, generator.state());
        assertFalse(generator.hasNext());
        assertEquals(State.CLOSED, generator.state());
        assertThrows(NoSuchElementException.class, generator::next);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7})
    void failureComesBehindTheElementsThatWereYieldedBefore(int count) {
        Generator<Integer> generator = failingAt(count).readAhead(3);
        for (int i = 0; i < count; i++) {
            assertEquals(i, generator.next());
        }
        assertSame(failure, assertThrows(IllegalArgumentException.class, generator::next));
        assertEquals(State.CLOSED, generator.state());
        assertFalse(generator.hasNext());
    }

    @Test
    void closeDropsWhatWasNotTakenAndUnwindsTheBody() {
        Generator<Integer> generator = upTo(9).readAhead(4);
        generator.next();
        generator.close();
        assertEquals("finally", log.getLast());
        assertEquals(5, log.size());
        assertEquals(State.CLOSED, generator.state());
        assertFalse(generator.hasNext());
    }

    @Test
    void closeOfOneWhoseBodyHasEndedIsQuiet() {
        Generator<Integer> generator = upTo(2).readAhead(4);
        generator.next();
        generator.close();
        generator.close();
        assertEquals(State.CLOSED, generator.state());
    }

    @Test
    void closeTellsOfAFailureThatNobodyHasSeen() {
        Generator<Integer> generator = failingAt(2).readAhead(4);
        generator.next();
        assertSame(failure, assertThrows(IllegalArgumentException.class, generator::close));
        assertEquals(State.CLOSED, generator.state());
        generator.close();
    }

    @Test
    void failureThatIsThrownInReachesTheBodyWhereItStands() {
        List<Object> caught = new ArrayList<>();
        Generator<Integer> generator = Generator.<Integer>of(out -> {
            for (int i = 0; i < 9; i++) {
                try {
                    out.yield(i);
                } catch (IllegalArgumentException e) {
                    caught.add(e);
                    out.yield(100 + i);
                }
            }
        }).readAhead(4);
        assertEquals(0, generator.next());
        assertEquals(103, generator.fail(failure));
        assertEquals(List.of(failure), caught);
        assertEquals(List.of(4, 5, 6, 7, 8), pulled(generator));
    }

    @Test
    void failureThatIsThrownIntoABodyThatHasEndedComesBack() {
        Generator<Integer> ended = upTo(2).readAhead(4);
        ended.next();
        assertSame(failure, assertThrows(IllegalArgumentException.class, () -> ended.fail(failure)));
        assertEquals(State.CLOSED, ended.state());

        Generator<Integer> failed = failingAt(2).readAhead(4);
        failed.next();
        var thrown = new IllegalStateException("thrown in");
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> failed.fail(thrown)));
        assertSame(failure, thrown.getSuppressed()[0]);
    }

    @Test
    void bodyThatYieldsWhileItIsClosedIsToldOff() {
        Generator<Integer> stubborn = Generator.<Integer>of(out -> {
            try {
                out.yield(1);
                out.yield(2);
            } finally {
                out.yield(3);
            }
        }).readAhead(2);
        stubborn.next();
        assertTrue(
                assertThrows(IllegalStateException.class, stubborn::close).getMessage().contains("ignored its close"));
        stubborn.close();
    }

    @Test
    void generatorsInsideAreInOrder() {
        for (int outer = 1; outer < 7; outer++) {
            for (int inner = 1; inner < 7; inner++) {
                int depth = inner;
                Generator<Integer> generator = Generator.<Integer>of(out -> {
                    out.yield(0);
                    out.yield(1);
                    out.yieldFrom(Generator.<Integer>of(deeper -> {
                        for (int i = 2; i < 7; i++) {
                            deeper.yield(i);
                        }
                    }).readAhead(depth));
                    out.yield(7);
                    out.yield(8);
                }).readAhead(outer);
                assertEquals(below(9), pulled(generator), outer + " and " + inner);
            }
        }
    }

    @Test
    void oneThatHasBegunInsideGoesOnWithWhatItHasKept() {
        Generator<Integer> inner = upTo(3).readAhead(8);
        inner.next();
        assertEquals(List.of(1, 2), pulled(Generator.of(out -> out.yieldFrom(inner))));
    }

    @Test
    void countIsBounded() {
        assertThrows(IllegalArgumentException.class, () -> upTo(1).readAhead(0));
        assertThrows(IllegalArgumentException.class, () -> upTo(1).readAhead(Generator.MAX_READ_AHEAD + 1));
        Generator<Integer> begun = upTo(3);
        begun.next();
        assertTrue(
                assertThrows(IllegalStateException.class, () -> begun.readAhead(2)).getMessage().contains("has begun"));
        begun.close();
    }

    @Test
    void whatIsOpenWhenItsTaskEndsIsClosed() {
        Heddle.run(() -> {
            Heddle.spawn(() -> upTo(9).readAhead(4).next()).join();
            assertEquals("finally", log.getLast());
            log.clear();
            var failed = Heddle.spawn(() -> failingAt(2).readAhead(4).next());
            assertSame(failure, assertThrows(IllegalArgumentException.class, failed::join));
            return null;
        });
    }

    @Test
    void cancelReachesABodyThatWaitsAhead() {
        Heddle.run(() -> {
            var task = Heddle.spawn(() -> pulled(Generator.<Integer>of(out -> {
                try {
                    out.yield(1);
                    Heddle.sleep(Duration.ofHours(1));
                    out.yield(2);
                } finally {
                    log.add("finally");
                }
            }).readAhead(4)));
            Heddle.checkpoint();
            task.cancel("enough");
            assertThrows(TaskCancelledException.class, task::join);
            assertEquals(List.of("finally"), log);
            return null;
        });
    }

    @Test
    void otherThreadsMayNotTakeWhatIsKept() throws Exception {
        Generator<Integer> generator = upTo(4).readAhead(4);
        generator.next();
        List<Throwable> failures = new ArrayList<>();
        Thread other = Thread.ofPlatform().start(() -> {
            try {
                generator.next();
            } catch (IllegalStateException e) {
                failures.add(e);
            }
        });
        other.join();
        assertEquals(1, failures.size());
        assertEquals(1, generator.next());
        generator.close();
    }

    /** The same calls on two that differ only in how far they read ahead. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void consumerCannotTellItFromALazyOne(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int end = random.nextInt(10);
            boolean fails = random.nextBoolean();
            int ahead = 1 + random.nextInt(6);
            Generator<Integer> lazy = fails ? failingAt(end) : upTo(end);
            Generator<Integer> eager = (fails ? failingAt(end) : upTo(end)).readAhead(ahead);
            for (int i = 0; i < 14; i++) {
                boolean asks = random.nextBoolean();
                assertEquals(answer(lazy, asks), answer(eager, asks), "seed " + seed + ", round " + round);
                assertEquals(lazy.state(), eager.state());
            }
        }
    }

    private static Object answer(Generator<Integer> generator, boolean asks) {
        try {
            return asks ? generator.hasNext() : (Object) generator.next();
        } catch (RuntimeException e) {
            return e.getClass();
        }
    }
}
