package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs wait for other jobs, and for batches, until those have ended; whatever becomes of them. */
final class JobWorkflowsTest {

    private static final Bytes NOTHING = Bytes.EMPTY;

    private InMemoryStore store = InMemoryStore.create();
    private final JobsOptions options = JobsOptions.DEFAULT.withBackoff(JobsOptions.DEFAULT.backoff().withJitter(0));

    @Test
    void jobBeginsWhenAllThatItWaitsForAreDoneAndReadsTheirResults() {
        local(jobs -> {
            List<String> order = new ArrayList<>();
            try (JobSubscription _ = jobs.handle("part", 4, job -> {
                Heddle.sleep(Duration.ofSeconds(job.payload().utf8().length()));
                order.add(job.payload().utf8());
                return Bytes.utf8("<" + job.payload().utf8() + ">");
            }); JobSubscription _ = jobs.handle("sum", 1, job -> {
                order.add("sum");
                StringBuilder all = new StringBuilder();
                job.after().forEach(id -> all.append(job.resultOf(id).utf8()));
                assertThrows(IllegalArgumentException.class, () -> job.resultOf("another"));
                return Bytes.utf8(all.toString());
            })) {
                JobHandle a = jobs.submit("part", Bytes.utf8("aaa"));
                JobHandle b = jobs.submit("part", Bytes.utf8("b"));
                JobHandle sum = jobs.submit(JobSpec.of("sum", NOTHING).withAfter(a, b));
                assertEquals(List.of(a.id(), b.id()), sum.snapshot().awaited());
                assertEquals(new JobStatus.Waiting(0, ""), sum.status());
                Heddle.sleep(Duration.ofSeconds(2));
                assertEquals(List.of(a.id()), sum.snapshot().awaited());
                assertEquals(List.of(a.id()), find(jobs, sum).awaited());
                assertEquals("<aaa><b>", sum.join().utf8());
                assertEquals(List.of("b", "aaa", "sum"), order);
                assertEquals(List.of(), sum.snapshot().awaited());
                // One that waits for what has ended long ago begins at once.
                assertEquals("<b>", jobs.submit(JobSpec.of("sum", NOTHING).withAfter(b)).join().utf8());
            }
        });
    }

    private static JobSnapshot find(Jobs jobs, JobHandle job) {
        return jobs.list().stream().filter(each -> each.id().equals(job.id())).findFirst().orElseThrow();
    }

    @Test
    void nextJobOfAChainBeginsAtOnceAlsoOnOtherNodes() {
        sim(() -> {
            try (Cluster a = join("a"); Cluster b = join("b"); Cluster c = join("c")) {
                for (Cluster node : List.of(a, b)) {
                    node.jobs("q", options).handle("step", 1, job -> job.payload());
                }
                Heddle.sleep(Duration.ofSeconds(1));
                Jobs jobs = c.jobs("q", options);
                long begin = Heddle.currentLoop().nanoTime();
                List<JobHandle> chain = jobs.submitAll(IntStream.range(0, 20)
                        .mapToObj(i -> JobSpec.of("step", NOTHING).withId("step " + i)
                                .withAfter(i == 0 ? new String[0] : new String[]{"step " + (i - 1)}))
                        .toList());
                assertEquals(20, chain.size());
                chain.getLast().join();
                long took = Heddle.currentLoop().nanoTime() - begin;
                // What is left to a node for half a second is not left so for each of them.
                assertTrue(took < Duration.ofSeconds(2).toNanos(), took + " ns");
            }
        });
    }

    @Test
    void listIsSubmittedAsAWholeAndKnownJobsInItAreThoseThatAreThere() {
        local(jobs -> {
            JobHandle known = jobs.submit(JobSpec.of("a", NOTHING).withId("known"));
            JobHandle keyed = jobs.submit(JobSpec.of("a", NOTHING).withKey("key"));
            List<JobSpec> list = List.of(
                    JobSpec.of("a", NOTHING).withId("new"),
                    JobSpec.of("a", NOTHING).withId("known"),
                    JobSpec.of("a", NOTHING).withId("late").withKey("key"),
                    JobSpec.of("b", NOTHING).withId("last").withAfter("new", "known", "late"));
            List<JobHandle> handles = jobs.submitAll(list);
            assertEquals(List.of(jobs.job("new"), known, keyed, jobs.job("last")), handles);
            assertEquals(handles, jobs.submitAll(list));
            assertEquals(List.of("new", "known", keyed.id()), jobs.job("last").snapshot().awaited());
            try (JobSubscription _ = jobs.handle("a", 3, job -> job.payload());
                    JobSubscription _ = jobs.handle("b", 1, job -> job.payload())) {
                jobs.job("last").join();
            }
            assertEquals(List.of(), jobs.submitAll(List.of()));
        });
    }

    @Test
    void jobWaitsForNoneThatIsUnknownOrComesAfterIt() {
        local(jobs -> {
            JobSpec late = JobSpec.of("a", NOTHING).withId("late");
            JobForgottenException unknown = assertThrows(
                    JobForgottenException.class, () -> jobs.submit(JobSpec.of("a", NOTHING).withAfter("nobody")));
            assertTrue(unknown.getMessage().contains("nobody"), unknown.getMessage());
            JobSpec waits = JobSpec.of("a", NOTHING).withAfter("late");
            assertThrows(IllegalArgumentException.class, () -> jobs.submitAll(List.of(waits, late)));
            assertThrows(IllegalArgumentException.class, () -> jobs.submitAll(List.of(late, late)));
            JobSpec ofBatch = JobSpec.of("a", NOTHING).withBatch("b");
            JobSpec afterBatch = JobSpec.of("a", NOTHING).withAfterBatch("b");
            assertThrows(IllegalArgumentException.class, () -> jobs.submitAll(List.of(afterBatch, ofBatch)));
            assertThrows(IllegalArgumentException.class, () -> ofBatch.withAfterBatch("b"));
            assertThrows(IllegalArgumentException.class, () -> late.withAfter("late"));
            assertThrows(IllegalArgumentException.class, () -> late.withAfter(
                    IntStream.range(0, 51).mapToObj(i -> "j" + i).toArray(String[]::new)));
            assertEquals(0, jobs.statistics().waiting());
        });
    }

    @Test
    void jobWaitsWhileADeadLetterMayBeTriedAgain() {
        local(jobs -> {
            boolean[] works = {false};
            try (JobSubscription _ = jobs.handle("once", 1, job -> {
                if (!works[0]) {
                    throw new IllegalStateException("not yet");
                }
                return Bytes.utf8("now");
            }); JobSubscription _ = jobs.handle("next", 1, job -> job.resultOf(job.after().getFirst()))) {
                JobHandle first = jobs.submit(JobSpec.of("once", NOTHING).withMaxAttempts(1));
                JobHandle next = jobs.submit(JobSpec.of("next", NOTHING).withAfter(first));
                assertThrows(JobFailedException.class, first::join);
                Heddle.sleep(Duration.ofHours(3));
                assertEquals(new JobStatus.Waiting(0, ""), next.status());
                assertEquals(List.of(first.id()), next.snapshot().awaited());
                works[0] = true;
                first.retry();
                assertEquals("now", next.join().utf8());
            }
        });
    }

    @Test
    void jobIsCancelledWithAReasonWhenOneThatItWaitsForIsCancelledOrDiscarded() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("bad", 1, job -> {
                throw new IllegalStateException("bad");
            }); JobSubscription _ = jobs.handle("next", 1, job -> job.payload())) {
                JobHandle waiting = jobs.submit("nobody handles it", NOTHING);
                JobHandle second = jobs.submit(JobSpec.of("next", NOTHING).withId("second").withAfter(waiting));
                JobHandle third = jobs.submit(JobSpec.of("next", NOTHING).withAfter(second));
                JobHandle bad = jobs.submit(JobSpec.of("bad", NOTHING).withId("bad 1").withMaxAttempts(1));
                JobHandle afterBad = jobs.submit(JobSpec.of("next", NOTHING).withAfter(bad));
                waiting.cancel();
                assertThrows(JobCancelledException.class, second::join);
                JobCancelledException cancelled = assertThrows(JobCancelledException.class, third::join);
                assertTrue(cancelled.getMessage().endsWith("the job second, which it waited for, was cancelled"),
                        cancelled.getMessage());
                assertEquals(new JobStatus.Cancelled("the job second, which it waited for, was cancelled"),
                        third.status());
                // One that is submitted later waits for the same, and ends the same.
                JobHandle late = jobs.submit(JobSpec.of("next", NOTHING).withAfter(second));
                assertThrows(JobCancelledException.class, late::join);
                assertThrows(JobFailedException.class, bad::join);
                assertTrue(bad.discard());
                assertThrows(JobCancelledException.class, afterBad::join);
                assertEquals(new JobStatus.Cancelled("the job bad 1, which it waited for, was discarded"),
                        afterBad.status());
            }
        });
    }

    @Test
    void jobBeginsAfterAnyEndIfItIsToldSo() {
        local(jobs -> {
            List<String> seen = new ArrayList<>();
            try (JobSubscription _ = jobs.handle("bad", 1, job -> {
                throw new IllegalStateException("bad");
            }); JobSubscription _ = jobs.handle("next", 1, job -> {
                for (String id : job.after()) {
                    seen.add(assertThrows(RuntimeException.class, () -> job.resultOf(id)).getClass().getSimpleName());
                }
                return NOTHING;
            })) {
                JobHandle dead = jobs.submit(JobSpec.of("bad", NOTHING).withMaxAttempts(1));
                JobHandle cancelled = jobs.submit("nobody", NOTHING);
                JobHandle discarded = jobs.submit(JobSpec.of("bad", NOTHING).withMaxAttempts(1));
                JobHandle blocker = jobs.submit("nobody", NOTHING);
                JobHandle next = jobs.submit(JobSpec.of("next", NOTHING).withAfter(dead, cancelled, discarded, blocker)
                        .withAfterAnyEnd(true));
                cancelled.cancel();
                assertThrows(JobFailedException.class, discarded::join);
                discarded.discard();
                Heddle.sleep(Duration.ofSeconds(5));
                assertEquals(new JobStatus.Waiting(0, ""), next.status());
                blocker.cancel();
                next.join();
                assertEquals(List.of("JobFailedException", "JobCancelledException", "JobForgottenException",
                        "JobCancelledException"), seen);
            }
        });
    }

    @Test
    void delayOfAJobThatWaitsForOthersBeginsWhenTheyHaveEnded() {
        local(jobs -> {
            long[] at = new long[2];
            try (JobSubscription _ = jobs.handle("a", 1, job -> {
                Heddle.sleep(Duration.ofHours(2));
                at[0] = Heddle.currentLoop().nanoTime();
                return NOTHING;
            }); JobSubscription _ = jobs.handle("b", 1, job -> {
                at[1] = Heddle.currentLoop().nanoTime();
                return NOTHING;
            })) {
                JobHandle a = jobs.submit("a", NOTHING);
                JobHandle b = jobs.submit(JobSpec.of("b", NOTHING).withAfter(a).withDelay(Duration.ofHours(1)));
                assertTrue(b.snapshot().ready().isEmpty());
                Heddle.sleep(Duration.ofMinutes(1));
                assertEquals(0, jobs.statistics().ready());
                assertEquals(Duration.ZERO, jobs.statistics().oldestWaiting());
                a.join();
                Heddle.sleep(Duration.ofSeconds(1));
                assertTrue(b.snapshot().ready().isPresent());
                b.join();
                Duration between = Duration.ofNanos(at[1] - at[0]);
                assertTrue(between.compareTo(Duration.ofHours(1)) >= 0
                        && between.compareTo(Duration.ofMinutes(61)) < 0, between.toString());
            }
        });
    }

    @Test
    void resultsThatAreWaitedForOutliveAllBounds() {
        sim(() -> {
            try (Cluster cluster = join("a")) {
                Jobs jobs = cluster.jobs("q", options.withMaxResults(2).withKeepResults(Duration.ofMinutes(1)));
                try (JobSubscription _ = jobs.handle("part", 1, job -> job.payload());
                        JobSubscription _ = jobs.handle("sum", 1, job -> job.resultOf("first"))) {
                    JobHandle first = jobs.submit(JobSpec.of("part", Bytes.utf8("1")).withId("first"));
                    first.join();
                    JobHandle blocker = jobs.submit("nobody", NOTHING);
                    // The first has ended, and is the oldest: it is about to be forgotten.
                    JobHandle sum = jobs
                            .submit(JobSpec.of("sum", NOTHING).withAfter(first, blocker).withAfterAnyEnd(true));
                    for (int i = 0; i < 5; i++) {
                        jobs.submit("part", NOTHING).join();
                    }
                    Heddle.sleep(Duration.ofMinutes(10));
                    assertEquals(1, jobs.statistics().ended());
                    blocker.cancel();
                    assertEquals("1", sum.join().utf8());
                    Heddle.sleep(Duration.ofMinutes(3));
                    assertEquals(0, jobs.statistics().ended());
                    assertThrows(JobForgottenException.class, first::join);
                }
            }
        });
    }

    @Test
    void submitChangesTheEndOfAJobThatItWaitsFor() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("part", 1, job -> job.payload())) {
                JobHandle part = jobs.submit(JobSpec.of("part", NOTHING).withId("part"));
                part.join();
                Store session = store.open(SessionOptions.of("shop"));
                Key end = new Key("jobs/mail/ended", "part");
                assertEquals(0, session.read(end, ReadConsistency.FRESH).join().orElseThrow().version());
                jobs.submit(JobSpec.of("nobody", NOTHING).withAfter(part));
                // Whoever has not seen the job, and so would forget the end, has an old version of it.
                assertEquals(1, session.read(end, ReadConsistency.FRESH).join().orElseThrow().version());
                session.close();
            }
        });
    }

    @Test
    void submitLeavesNoResultToBeForgottenBetweenItsLookAndItsCommit() {
        // Jobs end, are forgotten at once, and others begin to wait for them, all at the same time.
        Sim.seeds(1, 20, () -> {
            store = InMemoryStore.create();
            try (Cluster a = join("a"); Cluster b = join("b")) {
                JobsOptions few = options.withMaxResults(1);
                Jobs jobs = a.jobs("q", few);
                Jobs there = b.jobs("q", few);
                there.handle("part", 3, job -> job.payload());
                there.handle("sum", 3, job -> job.resultOf(job.after().getFirst()));
                List<Task<Void>> all = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    Bytes text = Bytes.utf8("" + i);
                    all.add(Heddle.spawn(() -> {
                        JobHandle part = jobs.submit("part", text);
                        try {
                            assertEquals(text, jobs.submit(JobSpec.of("sum", NOTHING).withAfter(part)).join());
                        } catch (JobForgottenException _) {
                            // Before it was waited for, or the sum is forgotten itself.
                        }
                    }));
                }
                all.forEach(Task::join);
                assertEquals(List.of(), jobs.deadLetters());
                assertTrue(jobs.list().stream().noneMatch(job -> job.status() instanceof JobStatus.Cancelled));
            }
        });
    }

    @Test
    void jobAfterABatchBeginsOnceAllOfItHaveEndedAndSeesItsNumbers() {
        local(jobs -> {
            Promise<Boolean> go = new Promise<>();
            JobBatch[] seen = new JobBatch[1];
            try (JobSubscription _ = jobs.handle("letter", 8, job -> {
                go.join();
                if (job.payload().utf8().endsWith("3")) {
                    throw new JobNotRetriedException("no such address");
                }
                return NOTHING;
            }); JobSubscription _ = jobs.handle("report", 1, job -> {
                seen[0] = jobs.batch("november");
                return NOTHING;
            })) {
                List<JobHandle> letters = jobs.submitAll(IntStream.range(0, 30)
                        .mapToObj(i -> JobSpec.of("letter", Bytes.utf8("" + i)).withBatch("november")).toList());
                JobSpec spec = JobSpec.of("report", NOTHING).withAfterBatch("november");
                JobHandle report = jobs.submit(spec.withAfterAnyEnd(true));
                JobHandle strict = jobs.submit(spec);
                letters.get(29).cancel();
                assertEquals("november", report.snapshot().awaitedBatch());
                assertEquals("november", letters.get(5).snapshot().batch());
                Heddle.sleep(Duration.ofSeconds(3));
                assertNumbers(29, 0, 0, 1, jobs.batch("november"));
                go.complete(true);
                report.join();
                assertNumbers(0, 3, 26, 1, seen[0]);
                assertEquals(new JobStatus.Waiting(0, ""), strict.status());
                jobs.deadLetters().forEach(JobHandle::discard);
                assertThrows(JobCancelledException.class, strict::join);
                assertEquals(new JobStatus.Cancelled("a job of the batch november, which it waited for, was cancelled"),
                        strict.status());
                // Nothing keeps one from beginning that waits for a batch that has ended, or for none.
                jobs.submit(spec.withAfterAnyEnd(true)).join();
                jobs.submit(JobSpec.of("report", NOTHING).withAfterBatch("nothing")).join();
                assertNumbers(0, 0, 0, 0, jobs.batch("nothing"));
            }
        });
    }

    private static void assertNumbers(int open, int dead, long done, long cancelled, JobBatch batch) {
        assertEquals("open " + open + ", dead " + dead + ", done " + done + ", cancelled " + cancelled,
                "open " + batch.open() + ", dead " + batch.dead() + ", done " + batch.done() + ", cancelled "
                        + batch.cancelled());
    }

    @Test
    void forgottenJobsOfABatchAreCountedUntilItIsForgotten() {
        sim(() -> {
            try (Cluster cluster = join("a")) {
                Jobs jobs = cluster.jobs("q", options.withMaxResults(5).withKeepResults(Duration.ofMinutes(10)));
                try (JobSubscription _ = jobs.handle("letter", 8, job -> job.payload())) {
                    jobs.submit(JobSpec.of("nobody", NOTHING).withBatch("all")).cancel();
                    jobs.submitAll(IntStream.range(0, 200)
                            .mapToObj(i -> JobSpec.of("letter", NOTHING).withBatch("all")).toList())
                            .getLast().join();
                    JobHandle strict = jobs.submit(JobSpec.of("letter", NOTHING).withAfterBatch("all"));
                    assertThrows(JobCancelledException.class, strict::join);
                    Heddle.sleep(Duration.ofMinutes(5));
                    assertEquals(5, jobs.statistics().ended());
                    assertNumbers(0, 0, 200, 1, jobs.batch("all"));
                    Heddle.sleep(Duration.ofMinutes(30));
                    assertEquals(0, jobs.statistics().ended());
                    assertNumbers(0, 0, 0, 0, jobs.batch("all"));
                }
            }
        });
    }

    @Test
    @Tag("full")
    void batchOfTenThousandEndsOnce() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                Jobs jobs = a.jobs("q", options.withCapacity(20_000));
                Jobs there = b.jobs("q", options.withCapacity(20_000));
                int[] ran = {0};
                there.handle("letter", 100, _ -> {
                    ran[0]++;
                    return NOTHING;
                });
                there.handle("report", 1, job -> Bytes.utf8("" + ran[0]));
                jobs.submitAll(IntStream.range(0, 10_000)
                        .mapToObj(i -> JobSpec.of("letter", NOTHING).withBatch("all")).toList());
                assertEquals("10000", jobs.submit(JobSpec.of("report", NOTHING).withAfterBatch("all")).join().utf8());
                assertNumbers(0, 0, 10_000, 0, jobs.batch("all"));
            }
        });
    }

    @Test
    void jobsOfEqualAgeThatWaitForEachOthersBatchesDoNotWaitForEver() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("a", 2, job -> job.payload())) {
                List<Task<JobHandle>> pair = List.of(
                        Heddle.spawn(() -> jobs.submit(JobSpec.of("a", NOTHING).withBatch("x").withAfterBatch("y"))),
                        Heddle.spawn(() -> jobs.submit(JobSpec.of("a", NOTHING).withBatch("y").withAfterBatch("x"))));
                pair.forEach(each -> each.join().join());
            }
        });
    }

    @Test
    void blockedJobGoesOnWhenTheNodesThatLeadAreLostOneAfterTheOther() {
        sim(() -> {
            Set<String> names = Set.of("a", "b", "c");
            try (Cluster client = join("client")) {
                Jobs jobs = client.jobs("q", options);
                List<Cluster> nodes = new ArrayList<>();
                for (String name : names) {
                    Cluster node = join(name);
                    node.jobs("q", options).handle("step", 1, job -> {
                        Heddle.sleep(Duration.ofSeconds(1));
                        return job.payload();
                    });
                    nodes.add(node);
                    Heddle.sleep(Duration.ofMillis(100));
                }
                JobHandle first = jobs.submit("step", NOTHING);
                JobHandle second = jobs.submit(JobSpec.of("step", NOTHING).withAfter(first));
                JobHandle third = jobs.submit(JobSpec.of("step", NOTHING).withAfter(second));
                nodes.removeFirst().close();
                Heddle.sleep(Duration.ofMillis(1500));
                nodes.getFirst().lease().end("the test says so");
                third.join();
                nodes.forEach(Cluster::close);
            }
        });
    }

    @Test
    void callerOnANodeWithoutHandlersHasTheResultAsSoonAsItIsThere() {
        sim(() -> {
            try (Cluster client = join("client"); Cluster worker = join("worker")) {
                long[] end = new long[1];
                worker.jobs("q", options).handle("work", 1, job -> {
                    Heddle.sleep(Duration.ofMillis(1234));
                    end[0] = Heddle.currentLoop().nanoTime();
                    return job.payload();
                });
                Jobs jobs = client.jobs("q", options);
                for (int i = 0; i < 5; i++) {
                    jobs.submit("work", NOTHING).join();
                    Duration late = Duration.ofNanos(Heddle.currentLoop().nanoTime() - end[0]);
                    assertTrue(late.compareTo(Duration.ofMillis(5)) < 0, late.toString());
                }
            }
        });
    }

    /** What a test does with a queue. */
    private interface Body {
        void run(Jobs jobs) throws Exception;
    }

    private void sim(Action body) {
        Sim.seeds(SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofDays(1)), Integer.getInteger("seeds", 5), _ -> {
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
