package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskFailedException;
import dev.heddle.generators.DuplexGenerator.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** What a generator does for whoever asks it for elements; on a plain thread, without a loop. */
final class GeneratorTest extends BothForms {

    private final List<String> log = new ArrayList<>();

    private static Generator<Integer> numbers() {
        return Generator.of(out -> {
            for (int i = 0;; i++) {
                out.yield(i);
            }
        });
    }

    private static Generator<Integer> upTo(int end) {
        return Generator.of(out -> {
            for (int i = 0; i < end; i++) {
                out.yield(i);
            }
        });
    }

    private static <T> List<T> listOf(Iterable<T> elements) {
        List<T> list = new ArrayList<>();
        for (T element : elements) {
            list.add(element);
        }
        return list;
    }

    private Generator<Integer> withFinally() {
        return Generator.of(out -> {
            try {
                for (int i = 0;; i++) {
                    out.yield(i);
                }
            } finally {
                log.add("finally");
            }
        });
    }

    @Test
    void loopGetsTheElementsInOrder() {
        assertEquals(List.of(0, 1, 2, 3), listOf(upTo(4)));
        assertEquals(List.of(), listOf(upTo(0)));
    }

    @Test
    void bodyRunsOnlyAsFarAsElementsAreAskedFor() {
        Generator<Integer> generator = Generator.of(out -> {
            log.add("begun");
            out.yield(1);
            log.add("after 1");
            out.yield(2);
            log.add("ended");
        });
        assertEquals(State.CREATED, generator.state());
        assertEquals(List.of(), log);
        assertEquals(1, generator.next());
        assertEquals(State.SUSPENDED, generator.state());
        assertEquals(List.of("begun"), log);
        assertEquals(2, generator.next());
        assertEquals(List.of("begun", "after 1"), log);
        assertFalse(generator.hasNext());
        assertEquals(List.of("begun", "after 1", "ended"), log);
        assertEquals(State.CLOSED, generator.state());
    }

    @Test
    void closedGeneratorAmongElementsAddsNone() {
        Generator<Integer> closed = upTo(2);
        closed.close();
        assertEquals(List.of(7), listOf(Generator.<Integer>of(out -> {
            out.yieldFrom(closed);
            out.yield(7);
        })));
    }

    @Test
    void afterTheEndThereIsNoElement() {
        Generator<Integer> generator = upTo(1);
        assertEquals(0, generator.next());
        assertThrows(NoSuchElementException.class, generator::next);
        assertThrows(NoSuchElementException.class, generator::next);
        assertFalse(generator.hasNext());
    }

    @Test
    void secondLoopGoesOnWhereTheFirstBrokeOff() {
        Generator<Integer> generator = numbers();
        for (int number : generator) {
            if (number == 3) {
                break;
            }
        }
        assertEquals(4, generator.next());
        Iterator<Integer> iterator = generator.iterator();
        assertTrue(iterator.hasNext());
        assertEquals(5, generator.next());
        assertEquals(6, iterator.next());
        generator.close();
    }

    @Test
    void bodyMayYieldFromTheDepthOfItsCalls() {
        assertEquals(List.of("a", "b", "c", "d", "e"), listOf(Generator.<String>of(out -> inOrder(TREE, out))));
    }

    private record Node(Node left, String name, Node right) {}

    private static final Node TREE = new Node(new Node(null, "a", new Node(null, "b", null)), "c",
            new Node(new Node(null, "d", null), "e", null));

    private static void inOrder(Node node, Generator.Out<String> out) {
        if (node != null) {
            inOrder(node.left, out);
            out.yield(node.name);
            inOrder(node.right, out);
        }
    }

    @Test
    void generatorsMakeASieve() {
        Generator<Integer> primes = Generator.of(out -> {
            Generator<Integer> source = numbers();
            source.next();
            source.next();
            while (true) {
                int prime = source.next();
                out.yield(prime);
                source = without(prime, source);
            }
        });
        assertEquals(List.of(2, 3, 5, 7, 11, 13, 17, 19, 23, 29), primes.stream().limit(10).toList());
        primes.close();
    }

    private static Generator<Integer> without(int prime, Generator<Integer> source) {
        return Generator.of(out -> {
            for (int number : source) {
                if (number % prime != 0) {
                    out.yield(number);
                }
            }
        });
    }

    @Test
    void exceptionOfTheBodyComesOutOnceAndEndsIt() {
        Generator<Integer> generator = Generator.of(out -> {
            out.yield(1);
            throw new IllegalArgumentException("bad");
        });
        assertEquals(1, generator.next());
        assertEquals("bad", assertThrows(IllegalArgumentException.class, generator::next).getMessage());
        assertEquals(State.CLOSED, generator.state());
        assertThrows(NoSuchElementException.class, generator::next);
    }

    @Test
    void checkedExceptionIsWrappedOnceAndAnErrorComesOutBare() {
        IOException checked = new IOException("disk");
        Generator<Integer> reads = Generator.of(out -> {
            throw checked;
        });
        assertSame(checked, assertThrows(TaskFailedException.class, reads::hasNext).getCause());
        Generator<Integer> broken = Generator.of(out -> {
            throw new AssertionError("broken");
        });
        assertThrows(AssertionError.class, broken::next);
    }

    @Test
    void stackOfAFailureShowsTheBodyAndItsConsumer() {
        Generator<Integer> generator = Generator.of(out -> fails());
        List<String> methods = List.of(assertThrows(IllegalStateException.class, generator::next).getStackTrace())
                .stream()
                .map(StackTraceElement::getMethodName)
                .toList();
        assertEquals("fails", methods.getFirst());
        assertTrue(methods.contains("stackOfAFailureShowsTheBodyAndItsConsumer"), methods.toString());
    }

    private static void fails() {
        throw new IllegalStateException("here");
    }

    @Test
    void closingRunsTheFinallyBlocks() {
        try (Generator<Integer> generator = withFinally()) {
            assertEquals(0, generator.next());
            assertEquals(List.of(), log);
        }
        assertEquals(List.of("finally"), log);
    }

    @Test
    void closingIsIdempotentAndEndsTheElements() {
        Generator<Integer> generator = withFinally();
        generator.next();
        assertTrue(generator.hasNext());
        generator.close();
        generator.close();
        assertEquals(List.of("finally"), log);
        assertFalse(generator.hasNext());
        assertThrows(NoSuchElementException.class, generator::next);
    }

    @Test
    void closingAnUnbegunGeneratorNeverRunsItsBody() {
        Generator<Integer> generator = withFinally();
        generator.close();
        assertEquals(State.CLOSED, generator.state());
        assertFalse(generator.hasNext());
        assertEquals(List.of(), log);
    }

    @Test
    void bodyThatYieldsAgainAfterItsCloseIsToldOf() {
        Generator<Integer> stubborn = Generator.of(out -> {
            try {
                out.yield(1);
            } catch (Throwable e) {
                out.yield(2);
            }
        });
        stubborn.next();
        String words = assertThrows(IllegalStateException.class, stubborn::close).getMessage();
        assertTrue(words.contains("ignored its close"), words);
        stubborn.close();
        assertEquals(State.CLOSED, stubborn.state());
    }

    @Test
    void bodyThatReturnsAtItsCloseIsClosed() {
        Generator<Integer> generator = Generator.of(out -> {
            try {
                out.yield(1);
            } catch (Throwable e) {
                log.add("caught");
            }
        });
        generator.next();
        generator.close();
        assertEquals(List.of("caught"), log);
        assertEquals(State.CLOSED, generator.state());
    }

    @Test
    void codeThatCatchesExceptionsDoesNotCatchTheClose() {
        Generator<Integer> generator = Generator.of(out -> {
            while (true) {
                try {
                    out.yield(1);
                } catch (RuntimeException e) {
                    log.add("retry");
                }
            }
        });
        generator.next();
        generator.close();
        assertEquals(List.of(), log);
    }

    @Test
    void failureOfTheFinallyBlocksComesOutOfClose() {
        Generator<Integer> generator = Generator.of(out -> {
            try {
                out.yield(1);
            } finally {
                fails();
            }
        });
        generator.next();
        assertEquals("here", assertThrows(IllegalStateException.class, generator::close).getMessage());
        assertEquals(State.CLOSED, generator.state());
    }

    @Test
    void bodyCannotResumeOrCloseItself() {
        List<Generator<Integer>> self = new ArrayList<>();
        List<State> states = new ArrayList<>();
        self.add(Generator.of(out -> {
            Generator<Integer> me = self.getFirst();
            states.add(me.state());
            assertThrows(IllegalStateException.class, me::next);
            assertThrows(IllegalStateException.class, me::hasNext);
            assertThrows(IllegalStateException.class, me::close);
            assertThrows(IllegalStateException.class, () -> out.yieldFrom(me));
            out.yield(1);
        }));
        assertEquals(List.of(1), listOf(self.getFirst()));
        assertEquals(List.of(State.RUNNING), states);
    }

    @Test
    void onlyTheBodyItselfCanYield() {
        List<Generator.Out<Integer>> leaked = new ArrayList<>();
        Generator<Integer> outer = Generator.of(out -> {
            leaked.add(out);
            Generator<Integer> inner = Generator.of(ignored -> out.yield(5));
            assertThrows(IllegalStateException.class, inner::next);
            out.yield(1);
        });
        assertEquals(1, outer.next());
        assertThrows(IllegalStateException.class, () -> leaked.getFirst().yield(2));
        assertFalse(outer.hasNext());
        assertThrows(IllegalStateException.class, () -> leaked.getFirst().yield(2));
    }

    @Test
    void nullElementIsRefusedAndTheBodyGoesOn() {
        Generator<Object> generator = Generator.of(out -> {
            assertThrows(NullPointerException.class, () -> out.yield(nothing()));
            out.yield("x");
        });
        assertEquals(List.of("x"), listOf(generator));
        assertThrows(NullPointerException.class, () -> Generator.of(nothing()));
    }

    @Test
    void yieldThroughNativeCodeIsRefused() {
        Generator<Integer> generator = Generator.of(out -> {
            Holder.inInitializer = () -> out.yield(1);
            log.add(Initializer.SAID);
            out.yield(2);
        });
        assertEquals(2, generator.next());
        assertTrue(log.getFirst().contains("native"), log.toString());
        assertFalse(generator.hasNext());
    }

    static final class Holder {
        static Runnable inInitializer = () -> {};

        private Holder() {}
    }

    static final class Initializer {
        static final String SAID = assertThrows(IllegalStateException.class, Holder.inInitializer::run).getMessage();

        private Initializer() {}
    }

    @Test
    void anotherThreadIsRefusedByName() throws Exception {
        Generator<Integer> generator = numbers();
        generator.next();
        assertTrue(generator.hasNext());
        List<Throwable> thrown = new ArrayList<>();
        Thread.ofPlatform().start(() -> {
            thrown.add(assertThrows(IllegalStateException.class, generator::next));
            thrown.add(assertThrows(IllegalStateException.class, generator::hasNext));
            thrown.add(assertThrows(IllegalStateException.class, generator::close));
        }).join();
        assertEquals(3, thrown.size());
        String words = thrown.getFirst().getMessage();
        assertTrue(words.contains(Thread.currentThread().toString()), words);
        assertEquals(1, generator.next());
        generator.close();
    }

    @Test
    void unbegunGeneratorMayGoToAnotherThread() throws Exception {
        Generator<Integer> generator = upTo(3);
        List<Integer> got = new ArrayList<>();
        Thread.ofVirtual().start(() -> generator.forEach(got::add)).join();
        assertEquals(List.of(0, 1, 2), got);
    }

    @Test
    void oneOfManyThreadsGetsIt() throws Exception {
        for (int round = 0; round < 200; round++) {
            Generator<Integer> generator = upTo(2);
            List<Integer> got = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        generator.forEach(got::add);
                    } catch (IllegalStateException refused) {
                        // the other has it
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(List.of(0, 1), got);
        }
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"})
    private static <T> T nothing() {
        return null;
    }
}
