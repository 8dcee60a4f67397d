package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What begins in the body of a generator or coroutine is closed with it; on a plain thread, without a loop. */
final class GeneratorsInsideTest extends BothForms {

    private final List<String> log = new ArrayList<>();

    /** One that has given an element, and says when it is closed. */
    private Generator<Integer> begun(String name) {
        Generator<Integer> generator = open(name);
        assertEquals(0, generator.next());
        return generator;
    }

    private Generator<Integer> open(String name) {
        return Generator.of(out -> {
            try {
                for (int i = 0;; i++) {
                    out.yield(i);
                }
            } finally {
                log.add(name);
            }
        });
    }

    @Test
    void closeGoesFromTheInnermostOut() {
        Generator<Integer> outer = Generator.of(out -> {
            try {
                begun("first");
                Generator<Integer> nest = Generator.of(inside -> {
                    try {
                        begun("innermost");
                        inside.yield(1);
                    } finally {
                        log.add("nest");
                    }
                });
                out.yield(nest.next());
            } finally {
                log.add("outer");
            }
        });
        assertEquals(1, outer.next());
        outer.close();
        assertEquals(List.of("innermost", "nest", "first", "outer"), log);
    }

    @Test
    void endOfTheBodyClosesThemToo() {
        Generator<Integer> outer = Generator.of(out -> {
            begun("inner");
            out.yield(1);
        });
        outer.next();
        assertEquals(List.of(), log);
        assertTrue(!outer.hasNext());
        assertEquals(List.of("inner"), log);
    }

    @Test
    void failureOfTheBodyClosesThemToo() {
        var bad = new IllegalStateException("bad");
        Generator<Integer> outer = Generator.of(out -> {
            begun("inner");
            throw bad;
        });
        assertSame(bad, assertThrows(IllegalStateException.class, outer::next));
        assertEquals(List.of("inner"), log);
    }

    @Test
    void oneThatIsAbandonedInItsTaskIsClosedWithThoseInside() {
        Heddle.run(() -> {
            Generator<Integer> outer = Generator.of(out -> {
                try {
                    begun("inner");
                    out.yield(1);
                } finally {
                    log.add("outer");
                }
            });
            outer.next();
            begun("later");
        });
        assertEquals(List.of("later", "inner", "outer"), log);
    }

    @Test
    void pushedBodyClosesThemToo() {
        Generator<Integer> outer = Generator.of(out -> {
            begun("inner");
            out.yield(1);
            log.add("body");
        });
        outer.forEach(element -> begun("the consumer's"));
        assertEquals(List.of("body", "inner"), log);
    }

    @Test
    void pushedBodyWhoseConsumerFailsClosesThemToo() {
        var bad = new IllegalStateException("bad");
        Generator<Integer> outer = Generator.of(out -> {
            begun("inner");
            out.yield(1);
        });
        assertSame(bad, assertThrows(IllegalStateException.class, () -> outer.forEach(element -> {
            throw bad;
        })));
        assertEquals(List.of("inner"), log);
    }

    @Test
    void delegateAndWhatHasBegunInItAreClosedFirst() {
        Generator<Integer> outer = Generator.of(out -> {
            try {
                out.yieldFrom(Generator.<Integer>of(inside -> {
                    begun("innermost");
                    inside.yieldFrom(open("delegate of the delegate"));
                }));
            } finally {
                log.add("outer");
            }
        });
        outer.next();
        outer.close();
        assertEquals(List.of("delegate of the delegate", "innermost", "outer"), log);
    }

    @Test
    void duplexGeneratorClosesThemToo() {
        DuplexGenerator<Integer, String, String> outer = DuplexGenerator.of(out -> {
            begun("inner");
            return out.yield(1);
        });
        outer.next();
        outer.close();
        assertEquals(List.of("inner"), log);
    }

    @Test
    void coroutineThatBeganInAGeneratorIsClosedWithIt() {
        Generator<String> outer = Generator.of(out -> {
            Coroutine<String> inner = Coroutine.of(first -> {
                try {
                    Coroutine.<String>current().parent().orElseThrow().switchTo("half");
                    return "never";
                } finally {
                    log.add("coroutine");
                }
            });
            out.yield(inner.switchTo("begin"));
        });
        assertEquals("half", outer.next());
        outer.close();
        assertEquals(List.of("coroutine"), log);
    }

    @Test
    void generatorThatBeganInACoroutineIsClosedWithIt() {
        Coroutine<String> done = Coroutine.of(first -> {
            begun("of the one that ends");
            return "done";
        });
        assertEquals("done", done.switchTo(""));
        Coroutine<String> left = Coroutine.of(first -> {
            try {
                begun("of the one that is closed");
                return Coroutine.<String>current().parent().orElseThrow().switchTo("half");
            } finally {
                log.add("coroutine");
            }
        });
        left.switchTo("");
        left.close();
        assertEquals(List.of("of the one that ends", "of the one that is closed", "coroutine"), log);
    }

    @Test
    void coroutinesThatTakeTurnsDoNotEndEachOther() {
        Coroutine<String> pong = Coroutine.of(first -> {
            String second = Coroutine.<String>current().parent().orElseThrow().switchTo(first + " pong");
            return second + " end";
        });
        Coroutine<String> ping = Coroutine.of(first -> {
            pong.switchTo(first + " ping");
            return "never here";
        });
        assertEquals("go ping pong", ping.switchTo("go"));
        ping.close();
        assertEquals("again end", pong.switchTo("again"));
    }

    @Test
    void oneThatWasHandedInStaysOpen() {
        Generator<Integer> handed = begun("handed in");
        Generator<Integer> outer = Generator.of(out -> out.yield(handed.next()));
        assertEquals(1, outer.next());
        outer.close();
        assertEquals(2, handed.next());
        assertEquals(List.of(), log);
    }

    @Test
    void failureOfOneInsideGoesToTheBodyAndComesOut() {
        var bad = new IllegalStateException("bad");
        Generator<Integer> outer = Generator.of(out -> {
            try {
                Generator.<Integer>of(inside -> {
                    try {
                        inside.yield(1);
                    } finally {
                        log.add("inner");
                        fail(bad);
                    }
                }).next();
                begun("other");
                out.yield(1);
            } finally {
                log.add("outer");
            }
        });
        outer.next();
        assertSame(bad, assertThrows(IllegalStateException.class, outer::close));
        assertEquals(List.of("other", "inner", "outer"), log);
        assertArrayEquals(new Throwable[0], bad.getSuppressed());
    }

    private static void fail(RuntimeException failure) {
        throw failure;
    }
}
