package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Backoff;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A failed attempt leaves a record, and the job's own rules, those of its handler and of its queue say what comes next. */
final class JobFailuresTest {

    private static final Bytes NOTHING = Bytes.EMPTY;
    private static final JobHandlerOptions HANDLER = JobHandlerOptions.DEFAULT;
    private static final Duration HOUR = Duration.ofHours(1);

    private InMemoryStore store = InMemoryStore.create();
    private final JobsOptions options = JobsOptions.DEFAULT.withBackoff(seconds(1));

    private static Backoff seconds(long seconds) {
        return new Backoff(Duration.ofSeconds(seconds), Duration.ofMinutes(10), 0);
    }

    // ---- the record ----

    @Test
    void failureIsKeptWithWhatWasThrownAndWhereAndWhen() {
        local(jobs -> {
            boolean[] works = {false};
            try (JobSubscription _ = jobs.handle("send", 1, _ -> {
                if (works[0]) {
                    return NOTHING;
                }
                throw new IOException("no\0route", new IllegalStateException("cable"));
            })) {
                Instant before = Heddle.currentLoop().engine().now();
                JobHandle job = jobs.submit(JobSpec.of("send", NOTHING).withBackoff(seconds(60)).withMaxAttempts(2));
                Heddle.sleep(Duration.ofSeconds(5));
                JobSnapshot waiting = job.snapshot();
                assertEquals(new JobStatus.Waiting(1, "java.io.IOException: no\ufffdroute"), waiting.status());
                JobFailure failure = waiting.failure().orElseThrow();
                assertEquals("java.io.IOException", failure.type());
                assertEquals("no\ufffdroute", failure.message());
                assertEquals(1, failure.attempt());
                assertEquals("a", failure.node());
                assertFalse(failure.at().orElseThrow().isBefore(before));
                assertTrue(failure.stack().contains("Caused by: java.lang.IllegalStateException: cable\n    at "));
                assertEquals("", jobs.list().getFirst().failure().orElseThrow().stack());
                assertThrows(JobFailedException.class, job::join);
                assertEquals(2, job.snapshot().failure().orElseThrow().attempt());
                assertEquals(1, records());
                works[0] = true;
                assertTrue(job.retry());
                job.join();
                assertEquals(0, records());
                assertTrue(job.snapshot().failure().isEmpty());
            }
        });
    }

    @Test
    void recordGoesWithItsJobHoweverThatEnds() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("bad", 3, _ -> {
                throw new IllegalStateException("no");
            })) {
                JobSpec spec = JobSpec.of("bad", NOTHING).withBackoff(seconds(60));
                JobHandle dead = jobs.submit(spec.withMaxAttempts(1));
                JobHandle cancelled = jobs.submit(spec);
                assertThrows(JobFailedException.class, dead::join);
                Heddle.sleep(Duration.ofSeconds(5));
                assertEquals(2, records());
                assertTrue(dead.discard());
                assertTrue(cancelled.cancel());
                assertEquals(0, records());
            }
        });
    }

    @Test
    void jobWhoseNodeWasLostSaysSo() {
        Sim.seeds(SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofDays(1)), 5, sim -> {
            SimStore servers = SimStore.create(3);
            SimHost host = sim.network().host("lost");
            Task<Void> worker = host.spawn(() -> {
                try (Cluster lost = Cluster.join(ClusterOptions.of("shop", servers).withNode("lost"))) {
                    lost.jobs("q", options).handle("work", 1, job -> {
                        if (job.attempt() == 1) {
                            throw new IllegalStateException("first");
                        }
                        host.crash();
                        return NOTHING;
                    });
                    Heddle.sleep(Duration.ofDays(1));
                }
            });
            sim.network().host("client").run(() -> {
                try (Cluster a = Cluster.join(ClusterOptions.of("shop", servers).withNode("a"))) {
                    Jobs jobs = a.jobs("q", options);
                    jobs.handle("other", 1, _ -> NOTHING);
                    JobHandle job = jobs.submit(JobSpec.of("work", NOTHING).withMaxAttempts(2));
                    assertThrows(JobFailedException.class, job::join);
                    JobFailure failure = job.snapshot().failure().orElseThrow();
                    assertEquals("lost", failure.type());
                    assertEquals(2, failure.attempt());
                    assertEquals("", failure.stack()); // that is of the first
                    assertTrue(job.discard());
                    assertEquals(0, a.lease().store().list("jobs/q/failures", ReadConsistency.FRESH).join()
                            .entries().size());
                }
            });
            worker.awaitOutcome();
        });
    }

    // ---- rules ----

    @Test
    void failuresOfAClassAreNotRetriedAndOthersWaitAsTheirRuleSays() {
        local(jobs -> {
            List<Long> times = new ArrayList<>();
            JobHandlerOptions rules = HANDLER.withNoRetry(FileNotFoundException.class)
                    .withRetry(IOException.class, seconds(100)).withNoRetry(IllegalArgumentException.class);
            try (JobSubscription _ = jobs.handle("work", 1, rules, job -> {
                times.add(Heddle.currentLoop().nanoTime() / 1_000_000_000);
                switch (job.payload().utf8()) {
                    case "file" -> throw new FileNotFoundException("x");
                    case "route" -> throw new IOException("x");
                    case "argument" -> throw new IllegalStateException(new IllegalArgumentException("x"));
                    case "later" -> throw new JobRetryException(Duration.ofSeconds(7), "x");
                    default -> throw new IllegalStateException("x");
                }
            })) {
                assertEquals(List.of(), waits(jobs, "file", times));
                assertEquals(List.of(100L, 200L), waits(jobs, "route", times));
                assertEquals(List.of(), waits(jobs, "argument", times));
                assertEquals(List.of(7L, 7L), waits(jobs, "later", times));
                assertEquals(List.of(30L, 60L), waits(jobs, "other", times));
            }
        });
    }

    /** The waits of a job with a back-off of 30 s and three attempts. */
    private static List<Long> waits(Jobs jobs, String payload, List<Long> times) {
        times.clear();
        JobHandle job = jobs.submit(
                JobSpec.of("work", Bytes.utf8(payload)).withMaxAttempts(3).withBackoff(seconds(30)));
        assertThrows(JobFailedException.class, job::join);
        List<Long> waits = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            waits.add(times.get(i) - times.get(i - 1));
        }
        return waits;
    }

    @Test
    void attemptThatTakesTooLongHasFailedAndItsResultStillCounts() {
        local(jobs -> {
            int[] attempts = {0};
            try (JobSubscription _ = jobs.handle("work", 1, HANDLER.withAttemptTimeout(Duration.ofMinutes(1)), job -> {
                attempts[0]++;
                if (job.payload().utf8().equals("stubborn")) {
                    Heddle.shield(() -> Heddle.sleep(Duration.ofMinutes(5)));
                    return Bytes.utf8("late");
                }
                Heddle.sleep(Duration.ofMinutes(2));
                return NOTHING;
            })) {
                JobHandle slow = jobs.submit(JobSpec.of("work", NOTHING).withMaxAttempts(2));
                assertThrows(JobFailedException.class, slow::join);
                assertEquals("dev.heddle.DeadlineExceededException: not done within 1 min",
                        assertInstanceOf(JobStatus.Dead.class, slow.status()).error());
                assertEquals(2, attempts[0]);
                jobs.submit(JobSpec.of("work", NOTHING).withAttemptTimeout(HOUR)).join();
                assertEquals("late", jobs.submit("work", Bytes.utf8("stubborn")).join().utf8());
            }
        });
    }

    // ---- deadlines ----

    @Test
    void jobThatIsNotBegunByItsDeadlineIsADeadLetterThatSaysSo() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("other", 1, _ -> NOTHING)) {
                long begin = Heddle.currentLoop().nanoTime();
                JobHandle job = jobs.submit(JobSpec.of("work", NOTHING).withDeadline(HOUR).withKey("k"));
                JobHandle delayed = jobs.submit(
                        JobSpec.of("other", NOTHING).withDelay(Duration.ofHours(2)).withDeadline(HOUR));
                JobFailedException expired = assertThrows(JobFailedException.class, job::join);
                assertTrue(expired.getMessage().endsWith("has expired: it was not done within its deadline of 1 h"),
                        expired.getMessage());
                Duration took = Duration.ofNanos(Heddle.currentLoop().nanoTime() - begin);
                assertTrue(took.compareTo(HOUR) >= 0 && took.compareTo(HOUR.plusSeconds(10)) < 0, took.toString());
                assertThrows(JobFailedException.class, delayed::join);
                assertEquals("expired", job.snapshot().failure().orElseThrow().type());
                assertEquals(2, jobs.deadLetters().size());
                jobs.submit(JobSpec.of("other", NOTHING).withKey("k")).join(); // its key is free
                assertTrue(delayed.retry());
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(new JobStatus.Done(1), delayed.status());
            }
        });
    }

    @Test
    void jobThatRunsAtItsDeadlineIsCutOffAndNotTriedAgain() {
        local(jobs -> {
            int[] attempts = {0};
            boolean[] cancelled = {false};
            try (JobSubscription _ = jobs.handle("work", 1, _ -> {
                attempts[0]++;
                try {
                    Heddle.sleep(Duration.ofDays(1));
                } finally {
                    cancelled[0] = true;
                }
                return NOTHING;
            })) {
                JobHandle job = jobs.submit(JobSpec.of("work", NOTHING).withDeadline(HOUR));
                assertThrows(JobFailedException.class, job::join);
                assertTrue(cancelled[0]);
                assertEquals(1, attempts[0]);
                JobFailure failure = job.snapshot().failure().orElseThrow();
                assertEquals("expired", failure.type());
                assertTrue(failure.stack().contains("    at "), failure.stack());
            }
        });
    }

    @Test
    void waitAfterAFailureThatPassesTheDeadlineIsNotWaitedFor() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("work", 1, _ -> {
                throw new IllegalStateException("no");
            })) {
                long begin = Heddle.currentLoop().nanoTime();
                JobHandle job = jobs.submit(JobSpec.of("work", NOTHING).withDeadline(Duration.ofSeconds(50))
                        .withBackoff(seconds(20)).withMaxAttempts(100));
                JobFailedException expired = assertThrows(JobFailedException.class, job::join);
                assertTrue(expired.getMessage().endsWith("its last failure: java.lang.IllegalStateException: no"),
                        expired.getMessage());
                long took = (Heddle.currentLoop().nanoTime() - begin) / 1_000_000_000;
                assertEquals(20, took); // the next would be at 60 s
                assertEquals(2, job.snapshot().failure().orElseThrow().attempt());
            }
        });
    }

    @Test
    void deadlineIsKeptHoweverOftenNodesComeAndGo() {
        sim(() -> {
            Cluster node = join("n0");
            node.jobs("q", options).handle("other", 1, _ -> NOTHING);
            JobHandle job = node.jobs("q", options)
                    .submit(JobSpec.of("work", NOTHING).withDeadline(Duration.ofHours(3)));
            long begin = Heddle.currentLoop().nanoTime();
            for (int i = 1; job.jobs().job(job.id()).status() instanceof JobStatus.Waiting; i++) {
                Heddle.sleep(Duration.ofMinutes(4));
                if (i % 2 == 0) {
                    node.lease().end("the test says so");
                } else {
                    Cluster next = join("n" + i);
                    next.jobs("q", options).handle("other", 1, _ -> NOTHING);
                    node.close();
                    node = next;
                    job = next.jobs("q", options).job(job.id());
                }
            }
            Duration took = Duration.ofNanos(Heddle.currentLoop().nanoTime() - begin);
            assertTrue(took.compareTo(Duration.ofHours(3)) >= 0, took.toString());
            assertTrue(took.compareTo(Duration.ofMinutes(190)) < 0, took.toString());
            node.close();
        });
    }

    @Test
    void lossOfTheOnlyNodeThatHasSeenAJobMovesItsDeadlineByAMinute() {
        Sim.seeds(SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofDays(1)), 3, sim -> {
            SimStore servers = SimStore.create(3);
            SimHost lost = sim.network().host("lost");
            Task<Void> first = lost.spawn(() -> handleOther(servers, "lost"));
            sim.network().host("client").run(() -> {
                try (Cluster client = Cluster.join(ClusterOptions.of("shop", servers).withNode("client"))) {
                    Heddle.sleep(Duration.ofSeconds(10));
                    long begin = Heddle.currentLoop().nanoTime();
                    JobHandle job = client.jobs("q", options)
                            .submit(JobSpec.of("work", NOTHING).withDeadline(Duration.ofMinutes(20)));
                    Heddle.sleep(Duration.ofMinutes(10));
                    lost.crash();
                    Task<Void> second = sim.network().host("next").spawn(() -> handleOther(servers, "next"));
                    assertThrows(JobFailedException.class, job::join);
                    Duration took = Duration.ofNanos(Heddle.currentLoop().nanoTime() - begin);
                    assertTrue(took.compareTo(Duration.ofMinutes(20)) >= 0, took.toString());
                    assertTrue(took.compareTo(Duration.ofMinutes(22)) < 0, took.toString());
                    second.cancel("the test is over");
                    second.awaitOutcome();
                }
            });
            first.awaitOutcome();
        });
    }

    private void handleOther(SimStore servers, String node) {
        try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", servers).withNode(node))) {
            cluster.jobs("q", options).handle("other", 1, _ -> NOTHING);
            Heddle.sleep(Duration.ofDays(1));
        }
    }

    @Test
    void deadlineRunsOnWhileAJobIsGivenBackAndFails() {
        sim(() -> {
            try (Cluster a = join("a")) {
                Jobs jobs = a.jobs("q", options);
                JobHandle job = jobs.submit(JobSpec.of("work", NOTHING).withDeadline(HOUR)
                        .withMaxAttempts(1_000).withBackoff(seconds(1)));
                long begin = Heddle.currentLoop().nanoTime();
                while (!(job.status() instanceof JobStatus.Dead)) {
                    Cluster node = join("b");
                    node.jobs("q", options).handle("work", 1, one -> {
                        Heddle.sleep(Duration.ofMinutes(one.attempt() % 2 == 0 ? 3 : 30));
                        throw new IllegalStateException("no");
                    });
                    Heddle.sleep(Duration.ofMinutes(7));
                    node.close();
                }
                Duration took = Duration.ofNanos(Heddle.currentLoop().nanoTime() - begin);
                assertTrue(took.compareTo(HOUR.minusSeconds(10)) > 0, took.toString());
                assertTrue(took.compareTo(HOUR.plusMinutes(10)) < 0, took.toString());
            }
        });
    }

    @Test
    void limitsOfTimeAreChecked() {
        JobSpec spec = JobSpec.of("work", NOTHING);
        assertThrows(IllegalArgumentException.class, () -> spec.withDeadline(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> spec.withAttemptTimeout(Duration.ofDays(5_000)));
        assertThrows(IllegalArgumentException.class,
                () -> spec.withBackoff(new Backoff(HOUR, Duration.ofSeconds(Long.MAX_VALUE), 1)));
        assertThrows(IllegalArgumentException.class, () -> HANDLER.withAttemptTimeout(Duration.ofSeconds(-1)));
    }

    /** How many failures with their stacks the store has. */
    private int records() {
        try (var reading = Cluster.join(ClusterOptions.of("shop", store).withNode("reader"))) {
            return reading.lease().store().list("jobs/mail/failures", ReadConsistency.FRESH).join().entries().size();
        }
    }

    private interface Body {
        void run(Jobs jobs) throws Exception;
    }

    private void sim(Action body) {
        Sim.seeds(1, Integer.getInteger("seeds", 5), () -> {
            store = InMemoryStore.create();
            body.run();
        });
    }

    private void local(Body body) {
        sim(() -> {
            try (Cluster cluster = join("a")) {
                body.run(cluster.jobs("mail", options));
            }
        });
    }

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }
}
