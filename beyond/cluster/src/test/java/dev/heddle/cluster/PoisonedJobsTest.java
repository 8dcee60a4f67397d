package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Cron;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Tasks;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimStore;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a handler throws, gives back or tells is the end of its job, and of nothing else on its node. */
final class PoisonedJobsTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final SimOptions OPTIONS = SimOptions.DEFAULT
            .withMaxVirtualTime(Duration.ofDays(2));

    /** Failures of handlers. */
    enum Poison implements JobHandler {
        LONG_MESSAGE {
            @Override
            public Bytes handle(JobAttempt job) {
                throw new IllegalStateException("x".repeat(66_000));
            }
        },
        LONG_MESSAGE_OF_WIDE_CHARACTERS {
            @Override
            public Bytes handle(JobAttempt job) {
                throw new IllegalStateException("\u4e16".repeat(30_000));
            }
        },
        MESSAGE_CUT_IN_A_PAIR {
            @Override
            public Bytes handle(JobAttempt job) {
                throw new IllegalStateException("\ud83d\ude00".repeat(1_000));
            }
        },
        LONE_SURROGATES {
            @Override
            public Bytes handle(JobAttempt job) {
                throw new IllegalStateException("a\ud800b\0c\udc00");
            }
        },
        NO_MESSAGE {
            @Override
            public Bytes handle(JobAttempt job) {
                throw new IllegalStateException((String) null);
            }
        },
        MESSAGE_THROWS {
            @Override
            public Bytes handle(JobAttempt job) {
                throw new OddException() {
                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("no message either");
                    }
                };
            }
        },
        MESSAGE_THROWS_AN_ERROR {
            @Override
            public Bytes handle(JobAttempt job) {
                throw new OddException() {
                    @Override
                    public String toString() {
                        throw new NoClassDefFoundError("texts");
                    }
                };
            }
        },
        TEXT_IS_NULL {
            @Override
            @SuppressWarnings("NullAway") // that is the point
            public Bytes handle(JobAttempt job) {
                throw new OddException() {
                    @Override
                    public String toString() {
                        return null;
                    }
                };
            }
        },
        CAUSE_THROWS {
            @Override
            public Bytes handle(JobAttempt job) {
                throw new OddException() {
                    @Override
                    public synchronized Throwable getCause() {
                        throw new IllegalStateException("cannot load the cause");
                    }
                };
            }
        },
        CAUSE_IN_A_CIRCLE {
            @Override
            public Bytes handle(JobAttempt job) {
                var one = new IllegalStateException("one");
                one.initCause(new IllegalStateException("two", one));
                throw one;
            }
        },
        STACK_OVERFLOW {
            @Override
            public Bytes handle(JobAttempt job) {
                return handle(job);
            }
        },
        OUT_OF_MEMORY {
            @Override
            public Bytes handle(JobAttempt job) {
                throw new OutOfMemoryError("planted");
            }
        },
        ASSERTION {
            @Override
            public Bytes handle(JobAttempt job) {
                throw new AssertionError("no");
            }
        },
        INTERRUPTED_BY_ITSELF {
            @Override
            public Bytes handle(JobAttempt job) throws InterruptedException {
                throw new InterruptedException("self");
            }
        },
        NO_RESULT {
            @Override
            @SuppressWarnings("NullAway") // that is the point
            public Bytes handle(JobAttempt job) {
                return null;
            }
        },
        LONG_RESULT {
            @Override
            public Bytes handle(JobAttempt job) {
                return Bytes.of(new byte[70_000]);
            }
        },
        NO_PROGRESS {
            @Override
            @SuppressWarnings("NullAway") // that is the point
            public Bytes handle(JobAttempt job) {
                job.progress(null);
                return Bytes.EMPTY;
            }
        },
        LONG_PROGRESS {
            @Override
            public Bytes handle(JobAttempt job) {
                job.progress(Bytes.of(new byte[1_025]));
                return Bytes.EMPTY;
            }
        }
    }

    private static class OddException extends RuntimeException {}

    @ParameterizedTest
    @EnumSource
    void poisonedJobIsADeadLetterAndTheNextOneIsDone(Poison poison) {
        local(jobs -> {
            jobs.handle("bad", 1, poison);
            jobs.handle("good", 1, _ -> Bytes.utf8("good"));
            for (int attempts = 1; attempts <= 2; attempts++) {
                JobHandle bad = jobs.submit(JobSpec.of("bad", Bytes.EMPTY).withMaxAttempts(attempts));
                assertThrows(JobFailedException.class, () -> Heddle.timeout(LIMIT, bad::join));
                JobStatus.Dead dead = assertInstanceOf(JobStatus.Dead.class, bad.status());
                assertEquals(attempts, dead.attempts());
                assertTrue(dead.error().length() <= 1000, dead.error());
                JobFailure failure = bad.snapshot().failure().orElseThrow();
                assertEquals(attempts, failure.attempt());
                assertTrue(failure.stack().length() <= 8 * 1024, failure.stack());
            }
            assertEquals("good", Heddle.timeout(LIMIT, jobs.submit("good", Bytes.EMPTY)::join).utf8());
        });
    }

    @Test
    void longErrorEndsInItsLength() {
        local(jobs -> {
            jobs.handle("bad", 1, Poison.LONG_MESSAGE);
            JobHandle bad = jobs.submit(JobSpec.of("bad", Bytes.EMPTY).withMaxAttempts(1));
            String told = assertThrows(JobFailedException.class, () -> Heddle.timeout(LIMIT, bad::join)).getMessage();
            assertTrue(told.contains("IllegalStateException: xxx"), told);
            assertTrue(told.endsWith("xxx... (of 66000 characters)"), told);
        });
    }

    @Test
    void errorIsNotCutInACharacter() {
        local(jobs -> {
            jobs.handle("bad", 1, Poison.MESSAGE_CUT_IN_A_PAIR);
            JobHandle bad = jobs.submit(JobSpec.of("bad", Bytes.EMPTY).withMaxAttempts(1));
            assertThrows(JobFailedException.class, () -> Heddle.timeout(LIMIT, bad::join));
            String error = assertInstanceOf(JobStatus.Dead.class, bad.status()).error();
            assertEquals(error, new String(error.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    java.nio.charset.StandardCharsets.UTF_8));
        });
    }

    /** Of odd sizes and characters, each of which a name may have. */
    @ParameterizedTest
    @ValueSource(strings = {"a", " ", "%", "a/b", "..", "\0", "\u4e16\u754c", "\ud83d\ude00", "~x", "\n"})
    void jobsOfAnyNameAndKeyAndProgressAreDone(String name) {
        local(jobs -> {
            jobs.handle(name, 1, job -> {
                job.progress(Bytes.of(new byte[1_024]));
                job.progress(Bytes.EMPTY);
                return Bytes.of(new byte[64 * 1024]);
            });
            JobHandle job = jobs.submit(JobSpec.of(name, Bytes.of(new byte[64 * 1024]))
                    .withId(name.startsWith("~") ? "id" : name)
                    .withKey(name.startsWith("~") ? "key" : name));
            assertEquals(64 * 1024, Heddle.timeout(LIMIT, job::join).length());
            assertEquals(new JobStatus.Done(1), job.status());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00b"})
    void halfACharacterIsNoName(String name) {
        local(jobs -> {
            assertThrows(IllegalArgumentException.class, () -> jobs.handle(name, 1, _ -> Bytes.EMPTY));
            assertThrows(IllegalArgumentException.class, () -> JobSpec.of(name, Bytes.EMPTY));
        });
    }

    @Test
    void moreNamesThanANodeCanTellAreRefusedAtOnceAndTheOthersAreDone() {
        local(jobs -> {
            IllegalStateException refused = assertThrows(IllegalStateException.class, () -> {
                for (int i = 0; i < 2_000; i++) {
                    jobs.handle("import of the orders of tenant number " + i, 1, _ -> Bytes.utf8("ok"));
                }
            });
            assertTrue(refused.getMessage().contains("have one handler do them all"), refused.getMessage());
            JobHandle job = jobs.submit("import of the orders of tenant number 7", Bytes.EMPTY);
            assertEquals("ok", Heddle.timeout(LIMIT, job::join).utf8());
        });
    }

    @Test
    void handlerThatIsOverTakesNothingOfWhatANodeCanTell() {
        String name = "i".repeat(150);
        local(jobs -> {
            for (int i = 0; i < 500; i++) {
                jobs.handle(name, 1, _ -> Bytes.EMPTY).close();
            }
        });
    }

    @Test
    void scheduleOfAClusterOfThreeTicksOnWhileItsLeaderRunsAPoisonedJob() {
        int[] ticks = {0};
        Sim.seeds(OPTIONS, 3, sim -> {
            ticks[0] = 0;
            SimStore store = SimStore.create(3);
            boolean[] over = {false};
            List<Task<Void>> nodes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                SimHost host = sim.network().host("n" + i);
                nodes.add(host.spawn(() -> {
                    try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", store).withNode(host.name()))) {
                        Jobs jobs = cluster.jobs("q");
                        jobs.handle("tick", 1, _ -> {
                            ticks[0]++;
                            return Bytes.EMPTY;
                        });
                        if (host.name().equals("n0")) {
                            jobs.handle("bad", 1, Poison.LONG_MESSAGE);
                        }
                        while (!over[0]) {
                            Heddle.sleep(Duration.ofSeconds(1));
                        }
                    }
                }));
                Heddle.sleep(Duration.ofSeconds(2)); // the first of them leads
            }
            sim.network().host("client").run(() -> {
                try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", store).withNode("client"))) {
                    Jobs jobs = cluster.jobs("q");
                    jobs.schedule("ticker", Cron.of("* * * * *", ZoneOffset.UTC), JobSpec.of("tick", Bytes.EMPTY));
                    JobHandle bad = jobs.submit(JobSpec.of("bad", Bytes.EMPTY).withMaxAttempts(1));
                    Heddle.sleep(Duration.ofMinutes(2));
                    int before = ticks[0];
                    Heddle.sleep(Duration.ofMinutes(10));
                    assertTrue(ticks[0] - before >= 9, "ticks in ten minutes: " + (ticks[0] - before));
                    assertInstanceOf(JobStatus.Dead.class, bad.status());
                }
            });
            over[0] = true;
            Tasks.joinAll(nodes);
        });
    }

    private static void local(Consumer<Jobs> body) {
        List<String> told = new ArrayList<>();
        SimOptions options = OPTIONS.withFailureHandler((what, failure) -> told.add(what + ": " + failure));
        Sim.run(options, _ -> {
            try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", InMemoryStore.create()))) {
                body.accept(cluster.jobs("q"));
            }
        });
        assertEquals(List.of(), told, "no service has failed");
    }
}
