package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.process.RemotePool;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bodies on other nodes, in the simulator. */
final class ClusterPoolTest {

    /** Shared by all nodes, since they are in this JVM. */
    private static final List<String> SEEN = new ArrayList<>();

    private static void seen(String what) {
        SEEN.add(what + " on " + ClusterPool.node());
    }

    private static String where() {
        return ClusterPool.node();
    }

    /** Says what becomes of it. */
    private static int sleeping(Duration time) throws InterruptedException {
        seen("begun " + ClusterPool.attempt());
        try {
            Heddle.sleep(time);
            seen("done");
            return ClusterPool.attempt();
        } catch (RuntimeException e) {
            seen("stopped");
            throw e;
        }
    }

    private static void simulate(SimNodes.Body body) {
        SEEN.clear();
        Sim.run(1, () -> SimNodes.run(body));
    }

    // ---- one ----

    @Test
    void bodyRunsWhereItsLabelIs() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a");
            nodes.start("b", Map.of("gpu", "yes"));
            assertEquals("b", pool.on("gpu", "yes").call(() -> where()));
            pool.on("gpu", "yes").run(() -> seen("run"));
            assertEquals(List.of("run on b"), SEEN);
        });
    }

    @Test
    void keyLivesOnOneNodeUntilThatIsGone() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a");
            nodes.start("b");
            nodes.start("c");
            Set<String> used = new TreeSet<>();
            for (int i = 0; i < 50; i++) {
                ClusterPool near = pool.near("key " + i);
                String home = near.call(() -> where());
                assertEquals(home, near.call(() -> where()));
                used.add(home);
            }
            assertEquals(Set.of("a", "b", "c"), used);
            String home = pool.near("key 3").call(() -> where());
            String other = pool.near("key 7").call(() -> where());
            if (!home.equals("a")) {
                nodes.gone(home);
                assertFalse(pool.near("key 3").call(() -> where()).equals(home));
            }
            if (!other.equals(home)) {
                assertEquals(other, pool.near("key 7").call(() -> where()));
            }
        });
    }

    @Test
    void mapUsesAllNodesAndKeepsTheOrder() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a");
            nodes.start("b");
            nodes.start("c");
            List<Integer> items = IntStream.range(0, 60).boxed().toList();
            List<String> all = pool.map(items, 1, n -> {
                Heddle.sleep(Duration.ofMillis(10));
                return n + where();
            });
            assertEquals(items, all.stream().map(s -> Integer.valueOf(s.substring(0, s.length() - 1))).toList());
            Set<String> used = new TreeSet<>();
            all.forEach(s -> used.add(s.substring(s.length() - 1)));
            assertEquals(Set.of("a", "b", "c"), used);
        });
    }

    @Test
    void failureHasTheStacksOfBothNodes() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a");
            nodes.start("b", Map.of("there", "yes"));
            var failure = assertThrows(IllegalStateException.class, () -> pool.on("there", "yes").call(() -> {
                throw new IllegalStateException("no");
            }));
            assertEquals("no", failure.getMessage());
            assertTrue(List.of(failure.getStackTrace()).stream().anyMatch(f -> f.getMethodName().equals("call")));
            Throwable there = failure.getCause();
            assertEquals("in a process of the node b", there.getMessage());
            assertTrue(List.of(there.getStackTrace()).stream()
                    .anyMatch(f -> f.getClassName().equals(ClusterPoolTest.class.getName())));
        });
    }

    @Test
    void longArgumentAndResultGoInPieces() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a");
            nodes.start("b", Map.of("there", "yes"));
            byte[] much = new byte[1_000_000];
            much[999_999] = 7;
            byte[] back = pool.on("there", "yes").call(() -> {
                much[0] = much[999_999];
                return much;
            });
            assertEquals(7, back[0]);
            assertEquals(0, much[0]);
            assertEquals(1_000_000, back.length);
        });
    }

    @Test
    void shortBodyDoesNotWaitBehindALongOne() {
        simulate(nodes -> {
            Sim.current().network().link(LinkOptions.DEFAULT.withBytesPerSecond(1_000_000));
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            pool.run(() -> {}); // so that there is a connection
            byte[] much = new byte[5_000_000];
            Future<Integer> big = pool.submit(() -> much.length);
            Heddle.sleep(Duration.ofMillis(10));
            assertEquals("b", pool.call(() -> where()));
            assertFalse(big.isDone());
            assertEquals(5_000_000, big.get());
        });
    }

    // ---- cancel and deadline ----

    @Test
    void deadlineStopsTheBodyOnTheOtherNode() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            Optional<Integer> late = Heddle.moveOnAfter(
                    Duration.ofSeconds(1), () -> pool.call(() -> sleeping(Duration.ofHours(1))));
            assertTrue(late.isEmpty());
            assertEquals(List.of("begun 1 on b", "stopped on b"), SEEN);
        });
    }

    @Test
    void deadlineStopsTheBodyBehindACutCable() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            Heddle.spawn(() -> {
                Heddle.sleep(Duration.ofMillis(500));
                nodes.part("a", "b");
            });
            assertThrows(BodyLostException.class, () -> Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                pool.call(() -> sleeping(Duration.ofHours(1)));
            }));
            assertEquals(List.of("begun 1 on b", "stopped on b"), SEEN);
            assertEquals(Duration.ofSeconds(6),
                    Sim.current().elapsed().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        });
    }

    @Test
    void cancelledFutureStopsItsBody() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            Future<Integer> future = pool.submit(() -> sleeping(Duration.ofHours(1)));
            Heddle.sleep(Duration.ofSeconds(1));
            assertTrue(future.cancel(true));
            assertThrows(CancellationException.class, future::get);
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of("begun 1 on b", "stopped on b"), SEEN);
        });
    }

    @Test
    void bodyThatIsCancelledAtOnceEndsAtOnce() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            pool.run(() -> {});
            Duration before = Sim.current().elapsed();
            for (int millis = 0; millis < 10; millis++) {
                Duration limit = Duration.ofMillis(millis);
                Heddle.moveOnAfter(limit, () -> pool.call(() -> sleeping(Duration.ofHours(1))));
            }
            assertTrue(Sim.current().elapsed().minus(before).compareTo(Duration.ofSeconds(1)) < 0);
            assertEquals(1, pool.call(() -> sleeping(Duration.ZERO)));
        });
    }

    @Test
    void resultIsGivenToACallback() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            assertEquals("b!", Heddle.await(pool.supplyAsync(() -> where()).thenApply(node -> node + "!")));
        });
    }

    @Test
    void cancelledBodyThatWaitsForANodeNeverBegins() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            Future<Integer> future = pool.submit(() -> sleeping(Duration.ofHours(1)));
            Heddle.sleep(Duration.ofSeconds(1));
            assertTrue(future.cancel(true));
            nodes.start("b", Map.of("there", "yes"));
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of(), SEEN);
        });
    }

    @Test
    void bodyWaitsForANodeThatComes() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            Future<String> future = pool.submit(() -> where());
            Heddle.sleep(Duration.ofSeconds(1));
            assertFalse(future.isDone());
            nodes.start("b", Map.of("there", "yes"));
            assertEquals("b", future.get());
        });
    }

    // ---- nodes that are lost ----

    @Test
    void bodyOfANodeThatIsGoneIsLost() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            Future<Integer> future = pool.submit(() -> sleeping(Duration.ofHours(1)));
            Heddle.sleep(Duration.ofSeconds(1));
            nodes.gone("b");
            var lost = assertInstanceOf(
                    BodyLostException.class,
                    assertThrows(ExecutionException.class, future::get).getCause());
            assertEquals("b", lost.node());
            assertEquals(1, lost.attempt());
        });
    }

    @Test
    void retriedBodyKnowsItsAttempt() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes").retrying(3);
            nodes.start("b", Map.of("there", "yes"));
            Future<Integer> future = pool.submit(() -> sleeping(Duration.ofSeconds(10)));
            Heddle.sleep(Duration.ofSeconds(1));
            nodes.start("c", Map.of("there", "yes"));
            nodes.part("a", "b");
            nodes.fence("b");
            nodes.gone("b");
            assertEquals(2, future.get());
            assertEquals(List.of("begun 1 on b", "stopped on b", "begun 2 on c", "done on c"), sorted("b", "c"));
        });
    }

    /** What was seen on nodes, node by node. */
    private static List<String> sorted(String... nodes) {
        return List.of(nodes).stream()
                .flatMap(node -> SEEN.stream().filter(each -> each.endsWith(" on " + node)))
                .toList();
    }

    @Test
    void fencedNodeStopsWhatItDoesForOthersAndTakesNoMore() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            Future<Integer> future = pool.submit(() -> sleeping(Duration.ofHours(1)));
            Heddle.sleep(Duration.ofSeconds(1));
            nodes.fence("b");
            assertInstanceOf(
                    BodyLostException.class,
                    assertThrows(ExecutionException.class, future::get).getCause());
            assertEquals(List.of("begun 1 on b", "stopped on b"), SEEN);
            Future<String> next = pool.submit(() -> where());
            Heddle.sleep(Duration.ofSeconds(1));
            assertFalse(next.isDone());
            nodes.start("c", Map.of("there", "yes"));
            assertEquals("c", next.get());
        });
    }

    @Test
    void fencedNodeStopsItsOwnBodiesTooAndBeginsNoMore() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a");
            Future<Integer> once = pool.submit(() -> sleeping(Duration.ofHours(1)));
            Heddle.sleep(Duration.ofSeconds(1));
            nodes.fence("a");
            var lost = assertInstanceOf(
                    BodyLostException.class,
                    assertThrows(ExecutionException.class, once::get).getCause());
            assertEquals("a", lost.node());
            assertEquals(List.of("begun 1 on a", "stopped on a"), SEEN);
            Future<String> next = pool.submit(() -> where());
            Heddle.sleep(Duration.ofSeconds(1));
            assertFalse(next.isDone());
            nodes.unfence("a");
            assertEquals("a", next.get());
        });
    }

    @Test
    void bodyThatTheNodeHadToStopRunsAgainWhereItMay() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").near("orders").retrying(2);
            Future<Integer> twice = pool.submit(() -> sleeping(Duration.ofSeconds(10)));
            Heddle.sleep(Duration.ofSeconds(1));
            nodes.fence("a");
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of("begun 1 on a", "stopped on a"), SEEN);
            nodes.unfence("a");
            assertEquals(2, twice.get());
        });
    }

    @Test
    void bodyThatNobodyWantsAnyMoreIsNotLostByTheFence() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a");
            Future<Integer> unwanted = pool.submit(() -> sleeping(Duration.ofHours(1)));
            Heddle.sleep(Duration.ofSeconds(1));
            unwanted.cancel(true);
            nodes.fence("a");
            assertThrows(CancellationException.class, unwanted::get);
            Heddle.sleep(Duration.ofMinutes(1));
            assertEquals(List.of("begun 1 on a", "stopped on a"), SEEN);
        });
    }

    @Test
    void bodyThatHasNotBegunGoesToAnotherNode() {
        simulate(nodes -> {
            Sim.current().network().link(LinkOptions.DEFAULT.withBytesPerSecond(1_000_000));
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            pool.run(() -> {});
            byte[] much = new byte[5_000_000];
            Future<String> future = pool.submit(() -> {
                seen("begun with " + much.length);
                return where();
            });
            Heddle.sleep(Duration.ofSeconds(1));
            nodes.start("c", Map.of("there", "yes"));
            nodes.gone("b");
            assertEquals("c", future.get());
            assertEquals(List.of("begun with 5000000 on c"), SEEN);
        });
    }

    @Test
    void bodiesOfAnAskerThatIsGoneAreStopped() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            pool.submit(() -> sleeping(Duration.ofHours(1)));
            Heddle.sleep(Duration.ofSeconds(1));
            Sim.current().network().cut(nodes.host("a"), nodes.host("b"));
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of("begun 1 on b", "stopped on b"), SEEN);
        });
    }

    // ---- who is refused ----

    @Test
    void nodesOfAnotherProgramClusterOrNameAreRefusedByName() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a");
            nodes.start("b", "shop", "another hash", Map.of("program", "yes"));
            nodes.start("c", "bank", SimNodes.CLASSES, Map.of("cluster", "yes"));
            nodes.start("d", Map.of("name", "yes"));
            nodes.rename("d", "e");
            assertRefused("class paths", pool.on("program", "yes"));
            assertRefused("belongs to the cluster", pool.on("cluster", "yes"));
            assertRefused("is the node d, not e", pool.on("name", "yes"));
            assertEquals("a", pool.call(() -> where()));
            assertEquals(List.of(), SEEN);
        });
    }

    @Test
    void nodesOfTheVersionBeforeWorkAndThoseOfTheOneBeforeThatAreRefusedByName() {
        simulate(nodes -> {
            ClusterPool pool = nodes.startOfVersion("a", 2, 3, Map.of());
            nodes.startOfVersion("b", 1, 2, Map.of("version", "before"));
            nodes.startOfVersion("c", 1, 1, Map.of("version", "old"));
            assertEquals("b", pool.on("version", "before").call(() -> where()));
            assertRefused("the versions 1 to 1", pool.on("version", "old"));
            assertEquals(List.of(), SEEN);
        });
    }

    private static void assertRefused(String why, RemotePool pool) {
        var refused = assertThrows(NodeRefusedException.class, () -> pool.run(() -> seen("never")));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    // ---- the end ----

    @Test
    void closeWaitsForBodiesEverywhere() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            ClusterPool other = nodes.start("b", Map.of("there", "yes"));
            Future<Integer> future = pool.submit(() -> sleeping(Duration.ofSeconds(10)));
            Heddle.sleep(Duration.ofSeconds(1));
            other.close();
            assertEquals(1, future.get());
            pool.close();
            assertTrue(pool.isTerminated());
            assertThrows(RejectedExecutionException.class, () -> pool.call(() -> 1));
            assertEquals(List.of("begun 1 on b", "done on b"), SEEN);
        });
    }

    @Test
    void nodeThatLeavesLosesNoBodyThoughItsAskersComeBackMeanwhile() {
        for (int millis = 500; millis < 2500; millis += 50) {
            Duration time = Duration.ofMillis(millis);
            simulate(nodes -> {
                Sim.current().network().link(LinkOptions.DEFAULT.withLatency(Duration.ofMillis(50)));
                ClusterPool pool = nodes.start("a").on("there", "yes");
                ClusterPool second = nodes.start("d").on("here", "yes");
                ClusterPool leaver = nodes.start("b", Map.of("there", "yes", "here", "yes"));
                nodes.start("c", Map.of("there", "yes"));
                Future<Integer> last = second.submit(() -> sleeping(time));
                Task<Integer> asking = Heddle.spawn(() -> {
                    int done = 0;
                    for (; !leaver.isTerminated() || done < 20; done++) {
                        pool.run(() -> Heddle.sleep(Duration.ofMillis(1)));
                    }
                    return done;
                });
                Heddle.sleep(Duration.ofMillis(400));
                leaver.close();
                assertEquals(1, last.get());
                assertTrue(Sim.current().elapsed().minus(time).toSeconds() < 1, "it waits for who comes back");
                nodes.gone("b");
                assertTrue(asking.join() >= 20);
            });
        }
    }

    @Test
    void shutdownNowGivesBackWhatHasNotBegunAndStopsTheRest() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a");
            nodes.start("b", Map.of("there", "yes"));
            pool.on("there", "yes").submit(() -> sleeping(Duration.ofHours(1)));
            Future<String> waiting = pool.on("nowhere", "yes").submit(() -> where());
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of(waiting), pool.shutdownNow());
            pool.close();
            assertEquals(List.of("begun 1 on b", "stopped on b"), SEEN);
        });
    }

    @Test
    void cancelledCloseEndsTheBodies() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a").on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            pool.submit(() -> sleeping(Duration.ofHours(1)));
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), pool::close));
            assertEquals(List.of("begun 1 on b", "stopped on b"), SEEN);
        });
    }

    @Test
    void submitterWaitsForRoom() {
        simulate(nodes -> {
            ClusterPool pool = nodes.start("a", options -> options.withMaxUnderWay(2)).on("there", "yes");
            nodes.start("b", Map.of("there", "yes"));
            pool.submit(() -> sleeping(Duration.ofSeconds(5)));
            pool.submit(() -> sleeping(Duration.ofSeconds(5)));
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                pool.submit(() -> where());
            }));
            Heddle.sleep(Duration.ofSeconds(5));
            assertEquals("b", pool.submit(() -> where()).get());
        });
    }

    static ProcessPoolOptions processes() {
        return ProcessPoolOptions.DEFAULT.withWorkers(2);
    }
}
