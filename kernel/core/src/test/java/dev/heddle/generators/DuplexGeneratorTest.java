package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.TaskFailedException;
import dev.heddle.generators.DuplexGenerator.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Values both ways: Python's send, throw, close, return and yield from. */
final class DuplexGeneratorTest extends BothForms {

    private final List<Object> log = new ArrayList<>();

    /** Yields what it was sent or failed with, until it is sent "end". */
    private DuplexGenerator<Object, String, String> echo(String name) {
        return DuplexGenerator.of(out -> {
            Object answer = name + " ready";
            try {
                while (true) {
                    try {
                        String got = out.yield(answer);
                        if ("end".equals(got)) {
                            return name + " result";
                        }
                        answer = name + " " + got;
                    } catch (IllegalArgumentException e) {
                        answer = name + " caught " + e.getMessage();
                    }
                }
            } finally {
                log.add(name + " finally");
            }
        });
    }

    private DuplexGenerator<Object, String, String> around(DuplexGenerator<Object, String, String> inner) {
        return DuplexGenerator.of(out -> {
            try {
                String result = out.yieldFrom(inner);
                log.add("got " + result);
                return "outer " + result;
            } finally {
                log.add("outer finally");
            }
        });
    }

    @Test
    void sentValueIsWhatTheYieldGives() {
        DuplexGenerator<Object, String, String> echo = echo("e");
        assertEquals("e ready", echo.next());
        assertEquals("e one", echo.send("one"));
        assertEquals("e two", echo.send("two"));
        assertEquals("e null", echo.next());
        assertThrows(NoSuchElementException.class, () -> echo.send("end"));
        assertEquals("e result", echo.result());
        assertEquals(State.CLOSED, echo.state());
    }

    @Test
    void firstSendMustBeANext() {
        DuplexGenerator<Object, String, String> echo = echo("e");
        assertThrows(IllegalStateException.class, () -> echo.send("early"));
        assertEquals("e ready", echo.next());
        echo.close();
        assertThrows(NoSuchElementException.class, () -> echo.send("late"));
    }

    @Test
    void nullIsNeverSent() {
        DuplexGenerator<Object, String, String> echo = echo("e");
        echo.next();
        assertThrows(NullPointerException.class, () -> echo.send(nothing()));
        assertThrows(NullPointerException.class, () -> echo.fail(nothing()));
        assertEquals("e x", echo.send("x"));
        echo.close();
    }

    @Test
    void failureIsThrownAtTheYieldAndTheBodyMayGoOn() {
        DuplexGenerator<Object, String, String> echo = echo("e");
        echo.next();
        assertEquals("e caught bad", echo.fail(new IllegalArgumentException("bad")));
        assertEquals("e on", echo.send("on"));
        IllegalStateException fatal = new IllegalStateException("fatal");
        assertSame(fatal, assertThrows(IllegalStateException.class, () -> echo.fail(fatal)));
        assertEquals(List.of("e finally"), log);
        assertThrows(NoSuchElementException.class, echo::next);
    }

    @Test
    void checkedFailureArrivesAsACause() {
        DuplexGenerator<Object, String, Throwable> catches = DuplexGenerator.of(out -> {
            try {
                out.yield("ready");
            } catch (TaskFailedException e) {
                return e.getCause();
            }
            return new AssertionError();
        });
        catches.next();
        IOException checked = new IOException("disk");
        assertThrows(NoSuchElementException.class, () -> catches.fail(checked));
        assertSame(checked, catches.result());
    }

    @Test
    void failureOfAnUnbegunOrEndedGeneratorComesStraightBack() {
        DuplexGenerator<Object, String, String> echo = echo("e");
        IllegalArgumentException failure = new IllegalArgumentException("bad");
        assertSame(failure, assertThrows(IllegalArgumentException.class, () -> echo.fail(failure)));
        assertEquals(State.CLOSED, echo.state());
        assertSame(failure, assertThrows(IllegalArgumentException.class, () -> echo.fail(failure)));
        assertEquals(List.of(), log);
    }

    @Test
    void thereIsNoResultBeforeTheEndNorWithoutOne() {
        DuplexGenerator<Object, String, String> echo = echo("e");
        assertThrows(IllegalStateException.class, echo::result);
        echo.next();
        assertThrows(IllegalStateException.class, echo::result);
        echo.close();
        assertThrows(IllegalStateException.class, echo::result);
        DuplexGenerator<String, String, String> returnsNull = DuplexGenerator.of(out -> nothing());
        assertThrows(NoSuchElementException.class, returnsNull::next);
        assertNull(returnsNull.result());
    }

    @Test
    void producerFeedsAConsumerOneStepAtATime() {
        DuplexGenerator<String, Integer, String> consumer = DuplexGenerator.of(out -> {
            String answer = "";
            while (true) {
                Integer number = out.yield(answer);
                if (number == null) {
                    return "done";
                }
                log.add("consumes " + number);
                answer = "200 OK";
            }
        });
        consumer.next();
        for (int i = 1; i <= 2; i++) {
            log.add("produces " + i);
            log.add(consumer.send(i));
        }
        consumer.close();
        assertEquals(List.of("produces 1", "consumes 1", "200 OK", "produces 2", "consumes 2", "200 OK"), log);
    }

    // ---- yieldFrom ----

    @Test
    void delegateGetsWhatIsSentAndGivesItsResult() {
        DuplexGenerator<Object, String, String> outer = around(echo("inner"));
        assertEquals("inner ready", outer.next());
        assertEquals("inner one", outer.send("one"));
        assertEquals("inner null", outer.next());
        assertEquals("inner caught bad", outer.fail(new IllegalArgumentException("bad")));
        assertThrows(NoSuchElementException.class, () -> outer.send("end"));
        assertEquals("outer inner result", outer.result());
        assertEquals(List.of("inner finally", "got inner result", "outer finally"), log);
    }

    @Test
    void closingTheOuterClosesItsDelegateFirst() {
        DuplexGenerator<Object, String, String> inner = echo("inner");
        DuplexGenerator<Object, String, String> outer = around(inner);
        outer.next();
        outer.close();
        assertEquals(List.of("inner finally", "outer finally"), log);
        assertEquals(State.CLOSED, inner.state());
        assertEquals(State.CLOSED, outer.state());
    }

    @Test
    void delegateThatFailsAtItsCloseFailsTheOuterOne() {
        DuplexGenerator<Object, String, String> inner = DuplexGenerator.of(out -> {
            try {
                out.yield("x");
                return "";
            } finally {
                fails();
            }
        });
        DuplexGenerator<Object, String, String> outer = around(inner);
        outer.next();
        assertEquals("late", assertThrows(IllegalArgumentException.class, outer::close).getMessage());
        assertEquals(List.of("outer finally"), log);
    }

    private static void fails() {
        throw new IllegalArgumentException("late");
    }

    @Test
    void failureOfTheDelegateIsThrownAtTheYieldFrom() {
        DuplexGenerator<Object, String, String> failing = DuplexGenerator.of(out -> {
            out.yield("x");
            throw new IOException("disk");
        });
        DuplexGenerator<Object, String, String> outer = DuplexGenerator.of(out -> {
            try {
                return out.yieldFrom(failing);
            } catch (TaskFailedException e) {
                out.yield("saved from " + e.getCause().getMessage());
                return "fine";
            }
        });
        assertEquals("x", outer.next());
        assertEquals("saved from disk", outer.next());
        assertThrows(NoSuchElementException.class, outer::next);
        assertEquals("fine", outer.result());
    }

    @Test
    void delegateThatFailsBeforeItsFirstYieldFailsTheOuterOne() {
        DuplexGenerator<Object, String, String> outer = around(DuplexGenerator.of(out -> {
            throw new IllegalArgumentException("first");
        }));
        assertEquals("first", assertThrows(IllegalArgumentException.class, outer::next).getMessage());
        assertEquals(List.of("outer finally"), log);
    }

    @Test
    void delegatesThatYieldNothingAreSkipped() {
        DuplexGenerator<Object, String, String> outer = DuplexGenerator.of(out -> {
            String results = "";
            for (int i = 0; i < 3; i++) {
                String result = "r" + i;
                results += out.yieldFrom(DuplexGenerator.<Object, String, String>of(none -> result));
            }
            out.yield(results);
            return out.yieldFrom(echo("last"));
        });
        assertEquals("r0r1r2", outer.next());
        assertEquals("last ready", outer.next());
        assertThrows(NoSuchElementException.class, () -> outer.send("end"));
        assertEquals("last result", outer.result());
    }

    @Test
    void endedDelegateGivesItsResultAtOnceAndAClosedOneIsRefused() {
        DuplexGenerator<Object, String, String> ended = echo("e");
        ended.next();
        assertThrows(NoSuchElementException.class, () -> ended.send("end"));
        DuplexGenerator<Object, String, String> outer = around(ended);
        assertThrows(NoSuchElementException.class, outer::next);
        assertEquals("outer e result", outer.result());
        DuplexGenerator<Object, String, String> closed = echo("c");
        closed.close();
        assertThrows(IllegalStateException.class, around(closed)::next);
    }

    @Test
    void delegateThatIsClosedBehindTheBackOfTheOuterOneIsReported() {
        DuplexGenerator<Object, String, String> inner = echo("inner");
        DuplexGenerator<Object, String, String> outer = around(inner);
        outer.next();
        inner.close();
        assertThrows(IllegalStateException.class, outer::next);
        assertEquals(State.CLOSED, outer.state());
    }

    @Test
    void delegateMayHaveBegunAndBeenLookedAt() {
        Generator<Integer> inner = Generator.of(out -> out.yieldFrom(List.of(1, 2, 3, 4)));
        assertEquals(1, inner.next());
        assertEquals(true, inner.hasNext());
        Generator<Integer> outer = Generator.of(out -> {
            out.yield(0);
            out.yieldFrom(inner);
            out.yieldFrom(List.of(5, 6));
            out.yieldFrom(Generator.of(more -> more.yield(7)));
        });
        List<Integer> got = new ArrayList<>();
        while (outer.hasNext()) {
            got.add(outer.next());
        }
        assertEquals(List.of(0, 2, 3, 4, 5, 6, 7), got);
    }

    @Test
    void twoThatDelegateToEachOtherAreRefused() {
        List<Generator<Integer>> pair = new ArrayList<>();
        pair.add(Generator.of(out -> out.yieldFrom(pair.get(1))));
        pair.add(Generator.of(out -> out.yieldFrom(pair.get(0))));
        assertThrows(IllegalStateException.class, pair.get(0)::next);
    }

    @Test
    void longChainOfDelegatesYieldsThrough() {
        Generator<Integer> chain = chain(1000);
        int sum = 0;
        for (int number : chain) {
            sum += number;
        }
        assertEquals(500_500, sum);
    }

    private static Generator<Integer> chain(int depth) {
        return Generator.of(out -> {
            if (depth > 0) {
                out.yield(depth);
                out.yieldFrom(chain(depth - 1));
            }
        });
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"})
    private static <T> T nothing() {
        return null;
    }
}
