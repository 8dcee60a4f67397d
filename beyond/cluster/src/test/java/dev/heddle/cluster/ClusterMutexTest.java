package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClusterMutexTest {

    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration TO_ANSWER = Duration.ofMillis(100);

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    @Test
    void mutexOfANameIsOneObjectOnANode() {
        Sim.run(() -> {
            try (Cluster a = join("a")) {
                assertSame(a.mutex("orders"), a.mutex("orders"));
                assertNotSame(a.mutex("orders"), a.mutex("bills"));
            }
        });
    }

    @Test
    void oneHolderAtATimeOverTheNodesWithTokensThatGrow() {
        Sim.seeds(1, 30, () -> {
            List<Token> tokens = new ArrayList<>();
            int[] inside = {0};
            try (Cluster a = join("a"); Cluster b = join("b"); Cluster c = join("c")) {
                Heddle.group(group -> {
                    for (Cluster node : List.of(a, b, c)) {
                        for (int i = 0; i < 5; i++) {
                            group.spawn(() -> {
                                for (int round = 0; round < 4; round++) {
                                    ClusterMutex mutex = node.mutex("orders");
                                    mutex.run(() -> {
                                        assertEquals(1, ++inside[0]);
                                        tokens.add(mutex.token());
                                        Heddle.sleep(SHORT);
                                        inside[0]--;
                                    });
                                }
                            });
                        }
                    }
                });
            }
            assertEquals(60, tokens.size());
            assertRising(tokens);
        });
    }

    @Test
    void nodesTakeTurnsThoughOneHasManyTasks() {
        Sim.run(1, () -> {
            StringBuilder order = new StringBuilder();
            try (Cluster a = join("a"); Cluster b = join("b")) {
                Heddle.group(group -> {
                    a.mutex("orders").acquire();
                    for (int i = 0; i < 4; i++) {
                        group.spawn(() -> a.mutex("orders").run(() -> order.append('a')));
                    }
                    Heddle.sleep(SHORT);
                    group.spawn(() -> b.mutex("orders").run(() -> order.append('b')));
                    Heddle.sleep(SHORT);
                    a.mutex("orders").release();
                });
            }
            assertEquals("abaaa", order.toString());
        });
    }

    @Test
    void thousandTasksInLineAreServedInTheirOrder() {
        Sim.run(() -> {
            List<Integer> asked = new ArrayList<>();
            List<Integer> served = new ArrayList<>();
            try (Cluster a = join("a")) {
                Heddle.group(group -> {
                    a.mutex("orders").acquire();
                    for (int i = 0; i < 1000; i++) {
                        int number = i;
                        group.spawn(() -> {
                            asked.add(number);
                            a.mutex("orders").run(() -> served.add(number));
                        });
                    }
                    Heddle.sleep(SHORT);
                    assertEquals(new ClusterMutex.Statistics(true, 1000, 2), a.mutex("orders").statistics());
                    a.mutex("orders").release();
                });
                assertEquals(1000, served.size());
                assertEquals(asked, served);
            }
        });
    }

    @Test
    void nodeThatWaitsHasItByTheSignalOfTheReleaseAndAsksTheStoreNothing() {
        Sim.seeds(1, 10, () -> {
            try (Cluster a = join("a"); Cluster b = Cluster.join(ClusterOptions.of("shop", this::slowToAnswer))) {
                for (int i = 0; i < 3; i++) {
                    a.mutex("orders").acquire();
                    Task<Duration> waiting = Heddle.spawn(() -> {
                        Duration waited = Heddle.measureTime(b.mutex("orders")::acquire);
                        b.mutex("orders").release();
                        return waited;
                    });
                    Heddle.sleep(TO_ANSWER.multipliedBy(5));
                    assertEquals(1, b.mutex("orders").statistics().waiting());
                    a.mutex("orders").release();
                    Task<?> again = Heddle.spawn(() -> a.mutex("orders").run(() -> {}));
                    assertEquals(TO_ANSWER.multipliedBy(5), waiting.join());
                    again.join();
                }
            }
        });
    }

    /** Answers each look at an entry or a directory after a while; the rest at once. */
    private Store slowToAnswer(SessionOptions options) {
        return new ForwardingStore(store.open(options)) {

            private final Loop loop = Heddle.currentLoop();

            @Override
            public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
                return later(super.read(key, freshness));
            }

            @Override
            public Promise<Listing> list(String directory, ReadConsistency freshness) {
                return later(super.list(directory, freshness));
            }

            private <T> Promise<T> later(Promise<T> answer) {
                Promise<T> told = new Promise<>();
                loop.callLater(TO_ANSWER, () -> told.complete(answer.join()));
                return told;
            }
        };
    }

    @Test
    void cancelledAcquireLeavesNothingBehind() {
        Sim.seeds(SimOptions.DEFAULT.withSeed(1), 30, sim -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                a.mutex("orders").acquire();
                Task<?> waiting = Heddle.spawn(() -> b.mutex("orders").acquire());
                if (sim.random().nextLong() % 2 == 0) {
                    Heddle.sleep(SHORT);
                }
                waiting.cancel();
                waiting.awaitOutcome();
                assertFalse(Heddle.moveOnAfter(SHORT, () -> b.mutex("orders").acquire()));
                assertFalse(b.mutex("orders").acquireWithin(SHORT));
                Heddle.sleep(SHORT);
                assertEquals(new ClusterMutex.Statistics(true, 0, 1), a.mutex("orders").statistics());
                a.mutex("orders").release();
                assertTrue(b.mutex("orders").acquireWithin(SHORT));
                b.mutex("orders").release();
            }
        });
    }

    @Test
    void tryAcquireWaitsForNoHolder() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                assertTrue(a.mutex("orders").tryAcquire());
                assertTrue(Heddle.measureTime(() -> assertFalse(b.mutex("orders").tryAcquire())).isZero());
                Task<Boolean> other = Heddle.spawn(() -> a.mutex("orders").tryAcquire());
                assertFalse(other.join());
                a.mutex("orders").release();
                Heddle.sleep(SHORT);
                assertTrue(b.mutex("orders").acquireWithin(Duration.ZERO));
                b.mutex("orders").release();
            }
        });
    }

    @Test
    void askingAgainAndReleasingWhatOneDoesNotHoldAreRefused() {
        Sim.run(() -> {
            try (Cluster a = join("a")) {
                ClusterMutex mutex = a.mutex("orders");
                assertThrows(IllegalStateException.class, mutex::release);
                assertThrows(IllegalStateException.class, mutex::token);
                mutex.run(() -> {
                    assertThrows(IllegalStateException.class, mutex::acquire);
                    assertThrows(IllegalStateException.class, () -> Heddle.spawn(mutex::release).join());
                });
            }
        });
    }

    @Test
    void holderThatEndsWithoutReleasingIsReportedAndTheNextIsServed() {
        List<Throwable> reported = new ArrayList<>();
        Sim.run(reporting(reported), _ -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                Heddle.spawn("careless", () -> a.mutex("orders").acquire()).join();
                b.mutex("orders").run(() -> {});
                assertFalse(a.mutex("orders").isHeld());
            }
        });
        assertEquals(1, reported.size());
        assertTrue(
                reported.getFirst().getMessage().contains("task careless ended without releasing cluster mutex orders"),
                reported.getFirst().getMessage());
    }

    @Test
    void bodyIsCancelledAndToldWhenTheNodeLeaves() {
        Sim.run(() -> {
            Cluster a = join("a");
            try (Cluster b = join("b")) {
                Task<?> holding = Heddle.spawn(() -> a.mutex("orders").run(() -> Heddle.sleep(Duration.ofDays(1))));
                Heddle.sleep(SHORT);
                Task<?> waitingHere = Heddle.spawn(() -> a.mutex("orders").acquire());
                Task<?> waitingThere = Heddle.spawn(() -> b.mutex("orders").run(() -> {}));
                Heddle.sleep(SHORT);
                a.close();
                assertThrows(LockLostException.class, holding::join);
                assertThrows(ClosedException.class, waitingHere::join);
                assertThrows(ClosedException.class, () -> a.mutex("orders").acquire());
                assertThrows(ClosedException.class, () -> a.mutex("bills").tryAcquire());
                waitingThere.join();
            }
        });
    }

    @Test
    void releaseOfALostMutexSaysSo() {
        Sim.run(() -> {
            Cluster a = join("a");
            ClusterMutex mutex = a.mutex("orders");
            mutex.acquire();
            a.close();
            assertFalse(mutex.isHeld());
            assertThrows(LockLostException.class, mutex::token);
            assertThrows(LockLostException.class, mutex::release);
            assertThrows(IllegalStateException.class, mutex::release);
        });
    }

    @Test
    void failureOfABodyComesOutAndReleases() {
        Sim.run(() -> {
            try (Cluster a = join("a")) {
                ClusterMutex mutex = a.mutex("orders");
                assertThrows(ArithmeticException.class, () -> mutex.run(() -> {
                    throw new ArithmeticException();
                }));
                assertEquals("done", mutex.run(() -> "done"));
                Task<?> cancelled = Heddle.spawn(() -> mutex.run(() -> Heddle.sleep(Duration.ofDays(1))));
                Heddle.sleep(SHORT);
                cancelled.cancel();
                cancelled.awaitOutcome();
                assertThrows(TaskCancelledException.class, cancelled::join);
                assertTrue(mutex.tryAcquire());
                mutex.release();
            }
        });
    }

    @Test
    void namesMayBeAnyText() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                for (String name : List.of("..", "/", "a/b", "%41", "A", "Zürich 東京", " ", "\n")) {
                    a.mutex(name).acquire();
                    assertFalse(b.mutex(name).tryAcquire());
                }
                assertThrows(IllegalArgumentException.class, () -> a.mutex(""));
                assertThrows(IllegalArgumentException.class, () -> a.mutex("x".repeat(201)));
                assertTrue(b.mutex("B").tryAcquire());
            }
        });
    }

    @Test
    void waitsAreSeenWithTheNodeThatHolds() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                a.mutex("orders").acquire();
                Task<?> waiting = Heddle.spawn(() -> b.mutex("orders").run(() -> {}));
                Heddle.sleep(SHORT);
                assertEquals("acquiring cluster mutex orders, held by node a", waiting.waitingFor().orElseThrow());
                a.mutex("orders").release();
                waiting.join();
            }
        });
    }

    @Test
    void threadsAndOtherLoopsMayHoldIt() throws Exception {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            Cluster a = loop.spawn(() -> join("a")).toCompletableFuture().join();
            int[] count = {0};
            Thread thread = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 100; i++) {
                    a.mutex("orders").run(() -> count[0]++);
                }
            });
            Heddle.run(() -> Heddle.group(group -> {
                for (int i = 0; i < 100; i++) {
                    group.spawn(() -> a.mutex("orders").run(() -> count[0]++));
                }
            }));
            thread.join();
            assertEquals(200, count[0]);
            loop.spawn(a::close).toCompletableFuture().join();
        }
    }

    private static SimOptions reporting(List<Throwable> reported) {
        return SimOptions.DEFAULT.withFailureHandler((_, failure) -> reported.add(failure));
    }

    static void assertRising(List<Token> tokens) {
        for (int i = 1; i < tokens.size(); i++) {
            assertTrue(tokens.get(i).compareTo(tokens.get(i - 1)) > 0, tokens.toString());
        }
    }
}
