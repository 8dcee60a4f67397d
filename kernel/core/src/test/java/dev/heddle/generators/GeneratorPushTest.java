package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.generators.DuplexGenerator.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A consumer notices no difference whether the elements are pulled or pushed, but for the speed. */
final class GeneratorPushTest extends BothForms {

    private final List<String> log = new ArrayList<>();

    private Generator<Integer> upTo(int end) {
        return Generator.of(out -> {
            try {
                for (int i = 0; i < end; i++) {
                    out.yield(i);
                }
            } catch (RuntimeException e) {
                log.add("caught " + e.getMessage());
            } finally {
                log.add("finally");
            }
        });
    }

    @Test
    void forEachOnAnUnbegunGeneratorRunsTheBodyAsACall() {
        List<Integer> got = new ArrayList<>();
        Generator<Integer> generator = Generator.of(out -> {
            out.yield(1);
            log.add(StackWalker.getInstance().walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                    .filter(name -> name.contains("Suspendable"))
                    .collect(Collectors.joining())));
            out.yield(2);
        });
        generator.forEach(got::add);
        assertEquals(List.of(1, 2), got);
        assertEquals(List.of(""), log, "no continuation");
        assertEquals(State.CLOSED, generator.state());
        generator.forEach(got::add);
        assertEquals(List.of(1, 2), got);
    }

    @Test
    void forEachOnABegunGeneratorTakesTheRest() {
        List<Integer> got = new ArrayList<>();
        Generator<Integer> generator = upTo(4);
        generator.next();
        assertTrue(generator.hasNext());
        generator.iterator().forEachRemaining(got::add);
        assertEquals(List.of(1, 2, 3), got);
    }

    @Test
    void consumerThatThrowsClosesTheBodyWhichCannotCatchIt() {
        for (boolean begun : new boolean[]{false, true}) {
            log.clear();
            Generator<Integer> generator = upTo(10);
            if (begun) {
                generator.next();
            }
            RuntimeException mine = new IllegalArgumentException("mine");
            assertSame(mine, assertThrows(RuntimeException.class, () -> generator.forEach(number -> {
                throw mine;
            })));
            assertEquals(List.of("finally"), log);
            assertEquals(State.CLOSED, generator.state());
        }
    }

    @Test
    void failureOfTheFinallyBlocksIsSuppressedByTheConsumers() {
        for (boolean begun : new boolean[]{false, true}) {
            IOException late = new IOException("late");
            Generator<Integer> generator = Generator.of(out -> {
                try {
                    out.yield(1);
                    out.yield(2);
                } finally {
                    throwIt(late);
                }
            });
            if (begun) {
                generator.next();
            }
            Throwable thrown = assertThrows(IllegalArgumentException.class, () -> generator.forEach(number -> {
                throw new IllegalArgumentException("mine");
            }));
            assertEquals("mine", thrown.getMessage());
            assertEquals(1, thrown.getSuppressed().length);
        }
    }

    private static void throwIt(Exception e) throws Exception {
        throw e;
    }

    @Test
    void bodyThatSwallowsTheEndOfItsConsumerHidesNothing() {
        Generator<Integer> generator = Generator.of(out -> {
            try {
                out.yield(1);
            } catch (Throwable e) {
                log.add("swallowed");
            }
            assertThrows(IllegalStateException.class, () -> out.yield(2));
        });
        assertThrows(IllegalArgumentException.class, () -> generator.forEach(number -> {
            throw new IllegalArgumentException("mine");
        }));
        assertEquals(List.of("swallowed"), log);
    }

    @Test
    void consumerCannotResumeTheGeneratorThatCallsIt() {
        Generator<Integer> generator = upTo(2);
        generator.forEach(number -> {
            assertEquals(State.RUNNING, generator.state());
            assertThrows(IllegalStateException.class, generator::next);
            assertThrows(IllegalStateException.class, generator::close);
        });
        assertEquals(List.of("finally"), log);
    }

    @Test
    void consumerCannotYieldInPlaceOfTheBody() {
        List<Generator.Out<Integer>> outs = new ArrayList<>();
        List<Integer> got = new ArrayList<>();
        Generator<Integer> generator = Generator.of(out -> {
            outs.add(out);
            out.yield(1);
            out.yield(2);
        });
        generator.forEach(element -> {
            got.add(element);
            assertThrows(IllegalStateException.class, () -> outs.getFirst().yield(3));
        });
        assertEquals(List.of(1, 2), got);
    }

    @Test
    void delegatesArePushedToo() {
        Generator<Integer> generator = Generator.of(out -> {
            out.yieldFrom(upTo(2));
            Generator<Integer> begun = upTo(3);
            begun.next();
            out.yieldFrom(begun);
            out.yieldFrom(List.of(7, 8));
            DuplexGenerator<Integer, String, String> duplex = DuplexGenerator.of(inner -> {
                assertEquals(null, inner.yield(9));
                return "result";
            });
            log.add(out.yieldFrom(duplex));
        });
        List<Integer> got = new ArrayList<>();
        generator.forEach(got::add);
        assertEquals(List.of(0, 1, 1, 2, 7, 8, 9), got);
        assertEquals(List.of("finally", "finally", "result"), log);
    }

    @Test
    void consumerThatThrowsClosesDelegatesFromTheInnermostOut() {
        for (boolean begun : new boolean[]{false, true}) {
            log.clear();
            Generator<Integer> inner = upTo(5);
            if (begun) {
                inner.next();
            }
            Generator<Integer> outer = Generator.of(out -> {
                try {
                    out.yieldFrom(inner);
                } catch (RuntimeException e) {
                    log.add("caught " + e.getMessage());
                } finally {
                    log.add("outer");
                }
            });
            assertThrows(IllegalArgumentException.class, () -> outer.forEach(number -> {
                throw new IllegalArgumentException("mine");
            }));
            assertEquals(List.of("finally", "outer"), log);
            assertEquals(State.CLOSED, inner.state());
        }
    }

    @Test
    void streamOfAnEndlessGeneratorIsAsLazy() {
        Generator<Integer> generator = upTo(Integer.MAX_VALUE);
        try (Stream<Integer> stream = generator.stream()) {
            assertEquals(List.of(0, 4, 16, 36), stream.filter(number -> number % 2 == 0)
                    .map(number -> number * number)
                    .limit(4)
                    .toList());
            assertEquals(List.of(), log);
        }
        assertEquals(List.of("finally"), log);
        assertEquals(State.CLOSED, generator.state());
    }

    @Test
    void streamWithoutALimitTakesAll() {
        assertEquals(499_500, upTo(1000).stream().mapToInt(number -> number).sum());
        Generator<Integer> begun = upTo(10);
        begun.next();
        assertEquals(9, begun.stream().count());
        assertFalse(begun.hasNext());
    }
}
