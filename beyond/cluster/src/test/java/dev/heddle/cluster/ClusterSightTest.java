package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.PartDetail.Holder;
import dev.heddle.internal.sight.Parts;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people see of a cluster's things from outside of a program: each by its name, once. */
final class ClusterSightTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    /** The parts of a type and name. Those of other tests, which may be there still, have other names. */
    private static List<Part.View> seen(String type, String name) {
        return Parts.all().stream().filter(part -> part.type().equals(type)).map(Part::view)
                .flatMap(Optional::stream).filter(view -> Objects.equals(view.name(), name)).toList();
    }

    private static Part.View one(String type, String name) {
        List<Part.View> seen = seen(type, name);
        assertEquals(1, seen.size(), seen::toString);
        return seen.getFirst();
    }

    /** Where two nodes are here: that which handles the jobs. */
    private static Part.View one(Jobs jobs) {
        return seen("jobs", jobs.name()).stream()
                .filter(each -> ((JobsNodeStatistics) each.figures()).limit() == 1).findFirst().orElseThrow();
    }

    @Test
    void mapAndBarrierAreShownOnceHoweverOftenTheyAreAskedFor() {
        Sim.run(() -> {
            try (Cluster a = join("a")) {
                ClusterMap map = a.map("seen settings", 4);
                assertSame(map, a.map("seen settings", 4));
                a.map("seen settings", 4).put("x", Bytes.EMPTY);
                Part.View view = one("cluster map", "seen settings");
                assertEquals(new ClusterMap.Statistics(4, 1, 0), view.figures());
                assertEquals(0.25, view.pressure());
                a.map("seen settings", 4).remove("x");
                assertEquals(0, map.statistics().size());
                ClusterBarrier barrier = a.barrier("seen start", 2);
                assertSame(barrier, a.barrier("seen start", 2));
                Task<Integer> first = Heddle.spawn(() -> a.barrier("seen start", 2).await());
                Heddle.sleep(SHORT);
                assertEquals(new ClusterBarrier.Statistics(2, 1), one("cluster barrier", "seen start").figures());
                barrier.await();
                first.join();
                assertEquals(0, barrier.statistics().waiting());
            }
        });
    }

    @Test
    void topicAndLimiterAreShownWithTheirNumbers() {
        Sim.run(() -> {
            try (Cluster a = join("a")) {
                ClusterTopic topic = a.topic("seen news", 10);
                topic.publish(Bytes.EMPTY);
                topic.publish(Bytes.EMPTY);
                assertEquals(new ClusterTopic.Statistics(10, 2, 0), one("cluster topic", "seen news").figures());
                ClusterRateLimiter limiter = a.limiter("seen calls", 1, 1);
                limiter.acquire();
                Task<Void> next = Heddle.spawn(limiter::acquire);
                Heddle.sleep(SHORT);
                assertEquals(new ClusterRateLimiter.Statistics(1, 1, 1),
                        one("cluster limiter", "seen calls").figures());
                next.cancel();
            }
        });
    }

    @Test
    void nodeIsShownWithTheMembersUntilItHasLeft() {
        Sim.run(() -> {
            Cluster a = join("seen-a");
            try (Cluster b = join("seen-b")) {
                Heddle.sleep(SHORT);
                Part.View view = one("cluster", "shop as seen-a");
                assertEquals(new Cluster.Statistics(2, true), view.figures());
                assertEquals(List.of("node seen-a", "node seen-b"),
                        view.detail().holders().stream().map(Holder::who).toList());
                a.close();
                assertEquals(List.of(), seen("cluster", "shop as seen-a"));
                assertTrue(b.statistics().isJoined());
            }
        });
    }

    @Test
    void queueOfJobsIsShownOnceWithWhatItsNodeDoes() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                JobsOptions options = JobsOptions.DEFAULT.withCapacity(4);
                Jobs mail = a.jobs("seen mail", options);
                assertSame(mail, a.jobs("seen mail", options));
                assertEquals(
                        new JobFigures.NodeStatistics(0, 0, 0, 0, 0, 0, 0, 0, false, 0, 0, 0, 0, 0, 0, 0, 0),
                        mail.nodeStatistics());
                JobSubscription handling = mail.handle("send", 1, job -> {
                    Heddle.sleep(Duration.ofSeconds(10));
                    if (job.payload().utf8().equals("bad")) {
                        throw new IllegalStateException("no such address");
                    }
                    return Bytes.EMPTY;
                });
                Jobs theirs = b.jobs("seen mail", options);
                JobHandle good = theirs.submit(JobSpec.of("send", Bytes.utf8("good")).withId("first"));
                Heddle.sleep(Duration.ofSeconds(1));
                JobHandle bad = theirs.submit(JobSpec.of("send", Bytes.utf8("bad")).withMaxAttempts(1));
                Heddle.sleep(Duration.ofSeconds(1));
                Part.View view = one(mail);
                assertEquals(
                        new JobFigures.NodeStatistics(1, 1, 1, 0, 0, 1, 2, 0, false, 1, 2, 2, 1, 1, 0, 0, 0),
                        view.figures());
                assertEquals(0.5, view.pressure());
                assertEquals(List.of("job send first"), view.detail().holders().stream().map(Holder::who).toList());
                assertEquals(2, theirs.nodeStatistics().waiting()); // it only submits
                assertEquals(2, theirs.nodeStatistics().backlog());
                good.join();
                while (!(bad.status() instanceof JobStatus.Dead)) {
                    Heddle.sleep(Duration.ofSeconds(1));
                }
                Heddle.sleep(Duration.ofSeconds(1));
                JobsNodeStatistics after = mail.nodeStatistics();
                assertEquals(1, after.done());
                assertEquals(1, after.failed());
                assertEquals(1, after.dead());
                assertEquals(0, after.waiting() + after.running());
                assertEquals(
                        List.of("dead letter send " + bad.id() + ": java.lang.IllegalStateException: no such address"),
                        one(mail).detail().holders().stream().map(Holder::who).toList());
                mail.pause();
                Heddle.sleep(Duration.ofSeconds(1));
                assertTrue(mail.nodeStatistics().isPaused());
                handling.close();
            }
        });
    }

    @Test
    void poolIsShownOnceForAllItsViewsUntilItHasEnded() {
        Sim.run(() -> SimNodes.run(nodes -> {
            ClusterPool pool = nodes.start("seen-pool");
            pool.retrying(3).on("x", "y");
            Heddle.sleep(SHORT);
            Part.View view = one("cluster pool", "shop as seen-pool");
            assertEquals(1, pool.statistics().nodes());
            assertEquals(0, pool.statistics().underWay());
            assertEquals(pool.statistics(), view.figures());
            pool.shutdown();
            Heddle.sleep(SHORT);
            assertFalse(Parts.all().isEmpty());
            assertEquals(List.of(), seen("cluster pool", "shop as seen-pool"));
        }));
    }
}
