package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How control and values go from one coroutine to another: greenlet's rules. */
final class CoroutineTest {

    private final List<String> log = new ArrayList<>();

    // The coroutines of a test, which name each other.
    private Coroutine<String> root;
    private Coroutine<String> a;
    private Coroutine<String> b;

    private static Coroutine<String> dead() {
        Coroutine<String> coroutine = Coroutine.of(first -> first);
        coroutine.switchTo("x");
        return coroutine;
    }

    @Test
    void twoTakeTurns() {
        a = Coroutine.of(name -> {
            log.add(name + " eats 1");
            b.switchTo("Bob");
            log.add(name + " eats 2");
            b.switchTo("");
            return "never";
        });
        b = Coroutine.of(name -> {
            log.add(name + " plays 1");
            a.switchTo("");
            log.add(name + " plays 2");
            return "the end of " + name;
        });
        assertEquals("the end of Bob", a.switchTo("Ada"));
        assertEquals(List.of("Ada eats 1", "Bob plays 1", "Ada eats 2", "Bob plays 2"), log);
        assertTrue(b.isDead());
        assertFalse(a.isDead());
        a.close();
        assertTrue(a.isDead());
    }

    @Test
    void valuesGoBothWays() {
        Coroutine<Integer> main = Coroutine.current();
        Coroutine<Integer> adder = Coroutine.of(first -> {
            int sum = first;
            while (sum < 100) {
                sum += main.switchTo(sum);
            }
            return sum;
        });
        assertEquals(1, adder.switchTo(1));
        assertEquals(3, adder.switchTo(2));
        assertEquals(103, adder.switchTo(100));
        assertTrue(adder.isDead());
    }

    @Test
    void nullMayBeHandedOver() {
        Coroutine<Object> main = Coroutine.current();
        Coroutine<Object> echo = Coroutine.of(first -> {
            assertNull(first);
            return main.switchTo(nothing());
        });
        assertNull(echo.switchTo(nothing()));
        assertNull(echo.switchTo(nothing()));
        assertTrue(echo.isDead());
    }

    @Test
    void currentOneIsKnownAndTheRootHasNoParent() {
        root = Coroutine.current();
        assertSame(root, Coroutine.current());
        assertEquals(Optional.empty(), root.parent());
        a = Coroutine.of(first -> {
            assertSame(a, Coroutine.current());
            b = Coroutine.of(second -> {
                assertSame(b, Coroutine.current());
                return "deep";
            });
            return b.switchTo("");
        });
        assertEquals(Optional.of(root), a.parent());
        assertEquals("deep", a.switchTo(""));
        assertEquals(Optional.of(a), b.parent());
        assertSame(root, Coroutine.current());
        assertFalse(root.isDead());
    }

    @Test
    void resultGoesToTheParentWhoeverSwitchedLast() {
        root = Coroutine.current();
        a = Coroutine.of(first -> "a got " + b.switchTo(first));
        b = Coroutine.of(a, first -> {
            root.switchTo("b is in");
            return "b's result";
        });
        assertEquals("b is in", a.switchTo("x"));
        assertEquals("a got b's result", b.switchTo("on"));
    }

    @Test
    void failureGoesToTheParent() {
        a = Coroutine.of(first -> {
            try {
                return b.switchTo("");
            } catch (IllegalArgumentException e) {
                return "a caught " + e.getMessage();
            }
        });
        b = Coroutine.of(a, first -> {
            throw new IllegalArgumentException("bad");
        });
        assertEquals("a caught bad", a.switchTo(""));
        IOException checked = new IOException("disk");
        Coroutine<String> reads = Coroutine.of(first -> {
            throw checked;
        });
        assertSame(checked, assertThrows(TaskFailedException.class, () -> reads.switchTo("")).getCause());
        assertTrue(reads.isDead());
    }

    @Test
    void unbegunParentBeginsWithTheResultOfItsChild() {
        a = Coroutine.of(first -> "a began with " + first);
        b = Coroutine.of(a, first -> "b's result");
        assertEquals("a began with b's result", b.switchTo(""));
        assertTrue(a.isDead());
    }

    @Test
    void switchToADeadOneGoesToItsNearestLivingParent() {
        root = Coroutine.current();
        Coroutine<String> gone = dead();
        assertEquals("back at once", gone.switchTo("back at once"));
        a = Coroutine.of(first -> {
            b = Coroutine.of(dead(), second -> second);
            return "a got " + root.switchTo("ready");
        });
        assertEquals("ready", a.switchTo(""));
        b.close();
        Coroutine<String> other = Coroutine.of(first -> b.switchTo("the value for b"));
        assertEquals("a got the value for b", other.switchTo(""));
        assertTrue(a.isDead());
        assertFalse(other.isDead());
        other.close();
    }

    @Test
    void switchToItselfGivesTheValueBack() {
        root = Coroutine.current();
        assertEquals("x", root.switchTo("x"));
        a = Coroutine.of(first -> a.switchTo("same") + first);
        assertEquals("same!", a.switchTo("!"));
    }

    @Test
    void failureIsThrownAtTheSwitch() {
        root = Coroutine.current();
        a = Coroutine.of(first -> {
            try {
                root.switchTo("ready");
            } catch (IllegalArgumentException e) {
                return "caught " + e.getMessage();
            }
            return "never";
        });
        a.switchTo("");
        assertEquals("caught bad", a.fail(new IllegalArgumentException("bad")));
    }

    @Test
    void failureForOneThatHasNotBegunOrIsDeadGoesToItsParent() {
        root = Coroutine.current();
        a = Coroutine.of(first -> "never");
        assertEquals("x", assertThrows(IllegalArgumentException.class, () -> a.fail(new IllegalArgumentException("x")))
                .getMessage());
        assertTrue(a.isDead());
        assertThrows(IllegalArgumentException.class, () -> a.fail(new IllegalArgumentException("x")));
        Coroutine<String> parent = Coroutine.of(first -> {
            try {
                b = Coroutine.of(second -> "never");
                return root.switchTo("ready");
            } catch (IllegalArgumentException e) {
                return "the parent caught it";
            }
        });
        parent.switchTo("");
        assertEquals("the parent caught it", b.fail(new IllegalArgumentException("x")));
    }

    @Test
    void closingRunsTheFinallyBlocksAndComesBack() {
        root = Coroutine.current();
        a = Coroutine.of(first -> {
            try {
                return root.switchTo("ready");
            } finally {
                log.add("finally");
            }
        });
        a.switchTo("");
        b = Coroutine.of(first -> {
            a.close();
            return "b closed it";
        });
        assertEquals("b closed it", b.switchTo(""));
        a.close();
        assertEquals(List.of("finally"), log);
        assertTrue(a.isDead());
    }

    @Test
    void closingOneThatHasNotBegunNeverRunsIt() {
        a = Coroutine.of(first -> {
            log.add("ran");
            return first;
        });
        a.close();
        assertTrue(a.isDead());
        assertEquals("back", a.switchTo("back"));
        assertEquals(List.of(), log);
    }

    @Test
    void oneThatClosesItselfEndsWithoutAResult() {
        a = Coroutine.of(first -> {
            try {
                a.close();
                return "never";
            } finally {
                log.add("finally");
            }
        });
        assertNull(a.switchTo(""));
        assertTrue(a.isDead());
        assertEquals(List.of("finally"), log);
    }

    @Test
    void failureOfTheFinallyBlocksComesOutOfClose() {
        root = Coroutine.current();
        a = Coroutine.of(first -> {
            try {
                return root.switchTo("ready");
            } finally {
                late();
            }
        });
        a.switchTo("");
        assertEquals("late", assertThrows(IllegalStateException.class, a::close).getMessage());
        assertTrue(a.isDead());
    }

    private static void late() {
        throw new IllegalStateException("late");
    }

    @Test
    void oneThatIgnoresItsCloseIsToldOf() {
        root = Coroutine.current();
        a = Coroutine.of(first -> {
            try {
                root.switchTo("ready");
            } catch (Throwable e) {
                root.switchTo("no");
            }
            return "late result";
        });
        a.switchTo("");
        String words = assertThrows(IllegalStateException.class, a::close).getMessage();
        assertTrue(words.contains("ignored its close"), words);
        assertFalse(a.isDead());
        assertEquals("late result", a.switchTo(""));
    }

    @Test
    void rootCannotBeClosed() {
        root = Coroutine.current();
        assertThrows(IllegalStateException.class, root::close);
    }

    @Test
    void anotherThreadIsRefusedByName() throws Exception {
        a = Coroutine.of(first -> first);
        List<Throwable> thrown = new ArrayList<>();
        Thread.ofPlatform().start(() -> {
            thrown.add(assertThrows(IllegalStateException.class, () -> a.switchTo("")));
            thrown.add(assertThrows(IllegalStateException.class, () -> a.fail(new IOException())));
            thrown.add(assertThrows(IllegalStateException.class, a::close));
            thrown.add(assertThrows(IllegalStateException.class, () -> Coroutine.of(a, first -> first)));
        }).join();
        assertEquals(4, thrown.size());
        String words = thrown.getFirst().getMessage();
        assertTrue(words.contains(Thread.currentThread().toString()), words);
        a.close();
    }

    @Test
    void switchOutOfAGeneratorSuspendsItToo() {
        root = Coroutine.current();
        Generator<String> generator = Generator.of(out -> {
            out.yield("one");
            out.yield(root.switchTo("from the generator"));
        });
        a = Coroutine.of(first -> {
            generator.next();
            return "a got " + generator.next();
        });
        assertEquals("from the generator", a.switchTo(""));
        assertThrows(IllegalStateException.class, generator::next, "it runs, inside a");
        assertEquals("a got two", a.switchTo("two"));
        generator.close();
    }

    @Test
    void generatorMaySwitchBetweenItsOwnCoroutines() {
        Generator<String> generator = Generator.of(out -> {
            Coroutine<String> me = Coroutine.current();
            Coroutine<String> inner = Coroutine.of(first -> {
                assertThrows(IllegalStateException.class, () -> out.yield("from a coroutine"));
                return me.switchTo("i1") + " i2";
            });
            out.yield(inner.switchTo(""));
            out.yield(inner.switchTo("and"));
        });
        assertEquals("i1", generator.next());
        assertEquals("and i2", generator.next());
        assertFalse(generator.hasNext());
    }

    @Test
    void chainOfThousandsEndsOneAfterTheOther() {
        int[] ended = {0};
        Coroutine<Integer> last = Coroutine.current();
        for (int i = 0; i < 5000; i++) {
            last = Coroutine.of(last, depth -> {
                ended[0]++;
                return depth + 1;
            });
        }
        assertEquals(5000, last.switchTo(0));
        assertEquals(5000, ended[0]);
    }

    @Test
    void switchThroughNativeCodeIsRefused() {
        root = Coroutine.current();
        a = Coroutine.of(first -> {
            Holder.inInitializer = () -> root.switchTo("never");
            return Initializer.SAID;
        });
        String words = a.switchTo("");
        assertTrue(words.contains("native"), words);
        assertTrue(a.isDead());
    }

    static final class Holder {
        static Runnable inInitializer = () -> {};

        private Holder() {}
    }

    static final class Initializer {
        static final String SAID = assertThrows(IllegalStateException.class, Holder.inInitializer::run).getMessage();

        private Initializer() {}
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"})
    private static <T> T nothing() {
        return null;
    }
}
