package dev.heddle.generators;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.GroupException;
import dev.heddle.ManualEngine;
import dev.heddle.generators.DuplexGenerator.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the body has around its yield, cancel scopes and scoped values, is not around the consumer, nor the other way
 * round.
 */
final class GeneratorScopeTest extends BothForms {

    private static final ScopedValue<String> WHO = ScopedValue.newInstance();

    private static String who() {
        return WHO.isBound() ? WHO.get() : "nobody";
    }

    /** Pulls or pushes all elements. */
    interface Way {
        <T> void giveAll(Generator<T> generator, Consumer<T> consumer);
    }

    static Stream<Way> ways() {
        return Stream.of(new Way() {
            @Override
            public <T> void giveAll(Generator<T> generator, Consumer<T> consumer) {
                for (T element : generator) {
                    consumer.accept(element);
                }
            }
        }, new Way() {
            @Override
            public <T> void giveAll(Generator<T> generator, Consumer<T> consumer) {
                generator.forEach(consumer);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void yieldInsideAScopeOfTheBodyIsRefused(Way way) {
        ManualEngine.run(() -> {
            List<Consumer<Generator.Out<Integer>>> bodies = List.of(
                    out -> timeout(ofSeconds(1), () -> out.yield(1)),
                    out -> moveOnAfter(ofSeconds(1), () -> out.yield(1)),
                    out -> shield(() -> out.yield(1)),
                    out -> CancelScope.open(scope -> out.yield(1)),
                    out -> timeout(ofSeconds(1), () -> out.yieldFrom(Generator.<Integer>of(inner -> inner.yield(1)))));
            for (Consumer<Generator.Out<Integer>> body : bodies) {
                Generator<Integer> generator = Generator.of(body::accept);
                String words = assertThrows(
                        IllegalStateException.class, () -> way.giveAll(generator, element -> {
                            throw new AssertionError("gave " + element);
                        }))
                        .getMessage();
                assertTrue(words.contains("cancel scope"), words);
                assertEquals(State.CLOSED, generator.state());
            }
            Generator<Integer> inGroup = Generator.of(out -> group(g -> out.yield(1)));
            assertThrows(GroupException.class, () -> way.giveAll(inGroup, element -> {}));
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void scopesThatAreLeftBeforeTheYieldAreFine(Way way) {
        ManualEngine.run(() -> {
            Generator<Integer> generator = Generator.of(out -> {
                for (int i = 0; i < 3; i++) {
                    int element = i;
                    out.yield(timeout(ofSeconds(1), () -> element));
                    group(g -> {
                        g.spawn(() -> sleep(ofSeconds(1)));
                    });
                }
            });
            List<Integer> got = new ArrayList<>();
            way.giveAll(generator, got::add);
            assertEquals(List.of(0, 1, 2), got);
            assertEquals(ofSeconds(3), ManualEngine.elapsed());
        });
    }

    @Test
    void consumerMayResumeFromOneScopeAfterTheOther() {
        ManualEngine.run(() -> {
            Generator<Integer> generator = Generator.of(out -> {
                for (int i = 0;; i++) {
                    sleep(ofSeconds(1));
                    out.yield(i);
                }
            });
            assertEquals(0, timeout(ofSeconds(2), generator::next));
            assertEquals(1, shield(generator::next));
            assertEquals(2, generator.next());
            assertFalse(moveOnAfter(ofSeconds(0), () -> {
                generator.next();
            }));
            assertFalse(generator.hasNext());
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void scopedValuesOfTheBodyStayInTheBody(Way way) {
        List<String> seen = new ArrayList<>();
        Generator<String> generator = Generator.of(out -> {
            out.yield(who());
            ScopedValue.where(WHO, "body").run(() -> {
                out.yield(who());
                out.yield(who());
                ScopedValue.where(WHO, "deep").run(() -> out.yield(who()));
                out.yield(who());
            });
            out.yield(who());
        });
        ScopedValue.where(WHO, "consumer")
                .run(() -> way.giveAll(generator, element -> seen.add(element + "/" + who())));
        assertEquals(
                List.of(
                        "consumer/consumer",
                        "body/consumer",
                        "body/consumer",
                        "deep/consumer",
                        "body/consumer",
                        "consumer/consumer"),
                seen);
        assertEquals("nobody", who());
    }

    @Test
    void bodyKeepsWhatWasBoundWhereItBegan() {
        Generator<String> generator = Generator.of(out -> {
            while (true) {
                out.yield(who());
            }
        });
        Callable<String> next = generator::next;
        assertEquals("first", call("first", next));
        assertEquals("first", call("second", next));
        assertEquals("first", generator.next());
        assertEquals("nobody", who());
        generator.close();
    }

    private static String call(String who, Callable<String> body) {
        return ScopedValue.where(WHO, who).call(() -> {
            assertEquals(who, who());
            try {
                return body.call() + (who().equals(who) ? "" : " leaked");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void delegateSeesWhatTheDelegatingBodyHasBound() {
        Generator<String> inner = Generator.of(out -> {
            out.yield(who());
            out.yield(who());
        });
        Generator<String> outer = Generator.of(out -> {
            ScopedValue.where(WHO, "outer").run(() -> out.yieldFrom(inner));
            out.yield(who());
        });
        assertEquals("outer", call("consumer", outer::next));
        assertEquals("outer", outer.next());
        assertEquals("consumer", outer.next());
        outer.close();
    }

    @Test
    void tasksSpawnedInTheBodyInheritItsValues() {
        ManualEngine.run(() -> {
            Generator<String> generator = Generator.of(out -> ScopedValue.where(WHO, "body").run(() -> {
                out.yield(who());
                out.yield(spawn(GeneratorScopeTest::who).join());
            }));
            generator.next();
            assertEquals("nobody", spawn(GeneratorScopeTest::who).join());
            assertEquals("body", generator.next());
            assertEquals("nobody", who());
        });
    }

    @Test
    void waitInTheBodyKeepsBothApart() {
        ManualEngine.run(() -> {
            Generator<String> generator = Generator.of(out -> ScopedValue.where(WHO, "body").run(() -> {
                while (true) {
                    sleep(ofSeconds(1));
                    out.yield(who());
                }
            }));
            for (int i = 0; i < 3; i++) {
                assertEquals("body", call("consumer " + i, generator::next));
                assertEquals("nobody", who());
            }
        });
    }

    @Test
    void exceptionLeavesTheConsumersValues() {
        Generator<String> generator = Generator.of(out -> ScopedValue.where(WHO, "body").run(() -> {
            out.yield(who());
            throw new IllegalArgumentException("bad");
        }));
        generator.next();
        ScopedValue.where(WHO, "consumer").run(() -> {
            assertThrows(IllegalArgumentException.class, generator::next);
            assertEquals("consumer", who());
        });
    }
}
