package dev.heddle.sim;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.heddle.net.Tcp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What JUnit shows of methods marked with {@link SimTest}. The samples below are run by these tests only. */
final class SimTestExtensionTest {

    private static final List<Long> RAN = new ArrayList<>();

    static final class Plain {
        private int sideEffects;

        @BeforeEach
        void before() {
            sideEffects++;
        }

        @AfterEach
        void after() {
            assertEquals(2, sideEffects, "a new instance for each seed");
        }

        @SimTest
        void usesAllParameters(Sim sim, SimNetwork network, SimRandom random) {
            assertSame(Sim.current(), sim);
            assertSame(sim.network(), network);
            assertSame(sim.random(), random);
            sleep(Duration.ofDays(1));
            sideEffects++;
            RAN.add(sim.seed());
        }
    }

    static final class Counted {
        @SimTest(seeds = 3)
        void runs(Sim sim) {
            RAN.add(sim.seed());
        }
    }

    static final class WatchesTheClock {
        @SimTest(seeds = 8)
        void runs(Sim sim) {
            long start = currentLoop().nanoTime();
            sleep(Duration.ofSeconds(3));
            assertEquals(Duration.ofSeconds(3).toNanos(), currentLoop().nanoTime() - start);
            if (currentLoop().nanoTime() < start) {
                RAN.add(sim.seed());
            }
        }
    }

    static final class Replayed {
        @SimTest(seed = {42, -7})
        void runs(Sim sim) {
            RAN.add(sim.seed());
        }
    }

    static final class FailsAtSeedFive {
        @SimTest
        void runs(Sim sim) throws IOException {
            RAN.add(sim.seed());
            sleep(Duration.ofSeconds(1));
            if (sim.seed() == 5) {
                throw new IOException("mine");
            }
        }
    }

    static final class LeavesAListener {
        @SimTest(seeds = 2)
        void runs() {
            Tcp.listen("127.0.0.1", 80);
        }
    }

    static final class Aborts {
        @SimTest(seeds = 2)
        void runs() {
            assumeTrue(false, "not here");
        }
    }

    static final class AbortsInATask {
        @SimTest(seeds = 1)
        void ofAGather() {
            gather(() -> assumeTrue(false, "not here"), () -> sleep(Duration.ofDays(1)));
        }

        @SimTest(seeds = 1)
        void ofAGroupInAnother() {
            gather(() -> gather(() -> assumeTrue(false), () -> assumeTrue(false)), () -> {});
        }

        @SimTest(seeds = 1)
        void onAHost(SimNetwork network) {
            network.host("a").spawn(() -> assumeTrue(false)).join();
        }
    }

    static final class AbortsBesideAFailure {
        @SimTest(seeds = 1)
        void runs() {
            gather(() -> assumeTrue(false), () -> {
                throw new IllegalStateException("mine");
            });
        }
    }

    static final class NoSeeds {
        @SimTest(seeds = 0)
        void runs(Sim sim) {
            RAN.add(sim.seed());
        }
    }

    @BeforeEach
    void forget() {
        RAN.clear();
    }

    @Test
    void oneHundredSeedsFromOneOnAreRunByDefault() {
        Outcome outcome = run(Plain.class, Map.of());
        assertEquals(100, outcome.passed.size());
        assertEquals(List.of(), outcome.failures);
        assertEquals(LongStream.rangeClosed(1, 100).boxed().toList(), RAN);
        assertEquals("seed 1", outcome.passed.getFirst());
    }

    @Test
    void countOfSeedsCanBeChosen() {
        assertEquals(3, run(Counted.class, Map.of()).passed.size());
        assertEquals(List.of(1L, 2L, 3L), RAN);
    }

    @Test
    void withEveryFourthSeedTheClockWrapsAround() {
        assertEquals(8, run(WatchesTheClock.class, Map.of()).passed.size());
        assertEquals(List.of(4L, 8L), RAN);
    }

    @Test
    void givenSeedsAreReplayed() {
        run(Replayed.class, Map.of("heddle.sim.seeds", "9"));
        assertEquals(List.of(42L, -7L), RAN);
    }

    @Test
    void buildMayAskForMoreAndOtherSeeds() {
        run(Counted.class, Map.of("heddle.sim.seeds", "5", "heddle.sim.base", "1000"));
        assertEquals(List.of(1000L, 1001L, 1002L, 1003L, 1004L), RAN);
    }

    @Test
    void firstFailureEndsTheSearchAndSaysHowToReplayIt() {
        Outcome outcome = run(FailsAtSeedFive.class, Map.of());
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), RAN);
        assertEquals(1, outcome.failures.size());
        Throwable failure = outcome.failures.getFirst();
        assertInstanceOf(IOException.class, failure);
        assertEquals("mine", failure.getMessage());
        assertTrue(
                Arrays.stream(failure.getSuppressed())
                        .anyMatch(each -> each.toString().contains("@SimTest(seed = 5L)")),
                () -> Arrays.toString(failure.getSuppressed()));
    }

    @Test
    void leftoversFailTheTest() {
        Outcome outcome = run(LeavesAListener.class, Map.of());
        assertEquals(1, outcome.failures.size());
        assertInstanceOf(LeftoverException.class, outcome.failures.getFirst());
    }

    @Test
    void assumptionThatDoesNotHoldIsNoFailure() {
        Outcome outcome = run(Aborts.class, Map.of());
        assertEquals(2, outcome.aborted);
        assertEquals(List.of(), outcome.failures);
    }

    @Test
    void assumptionThatFailsInATaskSkipsTheTest() {
        Outcome outcome = run(AbortsInATask.class, Map.of());
        assertEquals(List.of(), outcome.failures);
        assertEquals(3, outcome.aborted);
    }

    @Test
    void assumptionThatFailsBesideAFailureSkipsNothing() {
        Outcome outcome = run(AbortsBesideAFailure.class, Map.of());
        assertEquals(1, outcome.failures.size());
        assertEquals(0, outcome.aborted);
    }

    @Test
    void noSeedsAtAllIsAMistake() {
        Outcome outcome = run(NoSeeds.class, Map.of());
        assertEquals(List.of(), RAN);
        assertEquals(1, outcome.failures.size());
        assertFalse(outcome.failures.getFirst().getMessage().isEmpty());
    }

    private static Outcome run(Class<?> sample, Map<String, String> parameters) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(sample))
                .configurationParameters(parameters)
                .build();
        Outcome outcome = new Outcome();
        LauncherFactory.create().execute(request, outcome);
        return outcome;
    }

    private static final class Outcome implements TestExecutionListener {

        private final List<String> passed = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();
        private int aborted;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            result.getThrowable().ifPresent(thrown -> {
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    failures.add(thrown);
                }
            });
            if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
                aborted++;
            } else if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed.add(test.getDisplayName());
            }
        }
    }
}
