package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Cron;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimStore;
import dev.heddle.sim.StoreFaults;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class JobsTest {

    private static final Bytes NOTHING = Bytes.EMPTY;

    private InMemoryStore store = InMemoryStore.create();
    private final JobsOptions options = JobsOptions.DEFAULT.withBackoff(JobsOptions.DEFAULT.backoff().withJitter(0));

    @Test
    void resultOfAJobIsWhatItsHandlerReturns() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("greet", 1, job -> Bytes.utf8("Hello " + job.payload().utf8()))) {
                JobHandle job = jobs.submit("greet", Bytes.utf8("Ada"));
                assertEquals("Hello Ada", job.join().utf8());
                assertEquals(new JobStatus.Done(1), job.status());
                assertEquals("Hello Ada", jobs.job(job.id()).join().utf8());
            }
        });
    }

    @Test
    void jobsWaitForTheFirstNodeThatHandlesTheirName() {
        sim(() -> {
            try (Cluster a = join("a");
                    Cluster b = join("b")) {
                JobHandle job = a.jobs("mail", options).submit("send", Bytes.utf8("x"));
                assertEquals(new JobStatus.Waiting(0, ""), job.status());
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(Set.of("send"), a.jobs("mail", options).statistics().unhandled());
                Jobs there = b.jobs("mail", options);
                try (JobSubscription _ = there.handle("other", 1, _ -> NOTHING)) {
                    Heddle.sleep(Duration.ofSeconds(10));
                    assertEquals(new JobStatus.Waiting(0, ""), job.status());
                    try (JobSubscription _ = there.handle("send", 1, one -> one.payload())) {
                        assertEquals("x", job.join().utf8());
                    }
                }
            }
        });
    }

    @Test
    void jobsOfManyAreDoneOnceOnAllNodesWithinTheirLimits() {
        sim(() -> {
            List<Cluster> nodes = List.of(join("a"), join("b"), join("c"));
            List<JobSubscription> handlings = new ArrayList<>();
            List<String> done = new ArrayList<>();
            Set<String> who = new HashSet<>();
            int[] running = new int[3];
            for (Cluster node : nodes) {
                int n = nodes.indexOf(node);
                handlings.add(node.jobs("q", options).handle("work", 4, job -> {
                    assertTrue(++running[n] <= 4);
                    Heddle.sleep(Duration.ofMillis(10));
                    running[n]--;
                    done.add(job.payload().utf8());
                    who.add(node.self().name());
                    return NOTHING;
                }));
            }
            Jobs jobs = nodes.getFirst().jobs("q", options);
            List<JobHandle> handles = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                handles.add(jobs.submit("work", Bytes.utf8("" + i)));
            }
            handles.forEach(JobHandle::join);
            assertEquals(200, done.size());
            assertEquals(200, new HashSet<>(done).size());
            assertEquals(Set.of("a", "b", "c"), who);
            handlings.forEach(JobSubscription::close);
            nodes.forEach(Cluster::close);
        });
    }

    @Test
    void jobsOfHigherPriorityAreBegunFirstAndThoseOfOneInOrder() {
        local(jobs -> {
            List<String> order = new ArrayList<>();
            for (String text : List.of("b5", "c5", "d1", "a9", "e1")) {
                jobs.submit(JobSpec.of("work", Bytes.utf8(text)).withPriority(text.charAt(1) - '0'));
            }
            JobHandle last = jobs.submit(JobSpec.of("work", Bytes.utf8("f0")).withPriority(0));
            try (JobSubscription _ = jobs.handle("work", 1, job -> {
                order.add(job.payload().utf8());
                return NOTHING;
            })) {
                last.join();
                assertEquals(List.of("a9", "b5", "c5", "d1", "e1", "f0"), order);
            }
        });
    }

    @Test
    void failedJobIsBegunAgainAfterItsBackoffAndDiesInTheEnd() {
        local(jobs -> {
            List<Integer> attempts = new ArrayList<>();
            List<Long> times = new ArrayList<>();
            try (JobSubscription _ = jobs.handle("bad", 1, job -> {
                attempts.add(job.attempt());
                times.add(Heddle.currentLoop().nanoTime() / 1_000_000_000);
                throw new IllegalArgumentException("no such address");
            })) {
                JobHandle job = jobs.submit(JobSpec.of("bad", NOTHING).withMaxAttempts(3));
                JobFailedException failed = assertThrows(JobFailedException.class, job::join);
                assertTrue(failed.getMessage().contains("no such address"), failed.getMessage());
                assertEquals(List.of(1, 2, 3), attempts);
                assertEquals(1, times.get(1) - times.get(0));
                assertEquals(2, times.get(2) - times.get(1));
                assertInstanceOf(JobStatus.Dead.class, job.status());
                assertEquals(List.of(job), jobs.deadLetters());
                assertFalse(job.cancel());
            }
        });
    }

    @Test
    void failureOfAJobThatSeveralTasksJoinIsOne() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("bad", 2, job -> {
                throw new IllegalArgumentException("no such address");
            })) {
                JobHandle job = jobs.submit(JobSpec.of("bad", NOTHING).withMaxAttempts(1));
                JobHandle other = jobs.submit(JobSpec.of("bad", NOTHING).withMaxAttempts(1));
                GroupException failed = assertThrows(GroupException.class, () -> Heddle.group(g -> {
                    g.spawn(() -> Heddle.shield(() -> job.join()));
                    g.spawn(() -> Heddle.shield(() -> other.join()));
                    Heddle.shield(() -> jobs.job(job.id()).join());
                }));
                assertEquals(2, failed.failures().size(), failed.failures().toString());
            }
        });
    }

    @Test
    void deadLetterIsTriedAgainOrDiscarded() {
        local(jobs -> {
            boolean[] works = {false};
            try (JobSubscription _ = jobs.handle("once", 2, _ -> {
                if (!works[0]) {
                    throw new IllegalStateException("not yet");
                }
                return Bytes.utf8("now");
            })) {
                JobHandle job = jobs.submit(JobSpec.of("once", NOTHING).withMaxAttempts(1).withKey("k"));
                JobHandle other = jobs.submit(JobSpec.of("once", NOTHING).withMaxAttempts(1));
                assertThrows(JobFailedException.class, job::join);
                assertThrows(JobFailedException.class, other::join);
                works[0] = true;
                assertTrue(job.retry());
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals("now", job.join().utf8());
                assertFalse(job.retry());
                assertTrue(other.discard());
                assertEquals(new JobStatus.Unknown(), other.status());
                assertThrows(JobForgottenException.class, other::join);
                assertEquals(List.of(), jobs.deadLetters());
            }
        });
    }

    @Test
    @SuppressWarnings("try") // closed in the middle
    void delayedJobIsNeverEarlyAndSurvivesTheNodeThatMeasures() {
        sim(() -> {
            try (Cluster a = join("a");
                    Cluster _ = join("b")) {
                long[] at = {0};
                JobHandler handler = _ -> {
                    at[0] = Heddle.currentLoop().nanoTime();
                    return NOTHING;
                };
                Jobs first = a.jobs("q", options);
                JobSubscription measuring = first.handle("late", 1, handler);
                long begin = Heddle.currentLoop().nanoTime();
                JobHandle job = first.submit(JobSpec.of("late", NOTHING).withDelay(Duration.ofHours(1)));
                Heddle.sleep(Duration.ofMinutes(50));
                measuring.close();
                Cluster fresh = join("c");
                try (JobSubscription _ = fresh.jobs("q", options).handle("late", 1, handler)) {
                    a.close();
                    fresh.jobs("q", options).job(job.id()).join();
                    Duration took = Duration.ofNanos(at[0] - begin);
                    assertTrue(took.compareTo(Duration.ofHours(1)) >= 0, took.toString());
                    assertTrue(took.compareTo(Duration.ofMinutes(63)) < 0, took.toString());
                }
                fresh.close();
            }
        });
    }

    @Test
    void jobOfAnIdOrAKeyIsSubmittedOnce() {
        local(jobs -> {
            int[] runs = {0};
            JobSpec byId = JobSpec.of("count", NOTHING).withId("invoice 7");
            JobSpec byKey = JobSpec.of("count", NOTHING).withKey("customer 1");
            JobHandle first = jobs.submit(byId);
            JobHandle keyed = jobs.submit(byKey);
            assertEquals(first, jobs.submit(byId));
            assertEquals(keyed, jobs.submit(byKey));
            try (JobSubscription _ = jobs.handle("count", 1, _ -> {
                runs[0]++;
                return NOTHING;
            })) {
                first.join();
                keyed.join();
                assertEquals(2, runs[0]);
                assertEquals(first, jobs.submit(byId));
                JobHandle anew = jobs.submit(byKey);
                assertFalse(anew.equals(keyed));
                anew.join();
                assertEquals(3, runs[0]);
            }
        });
    }

    @Test
    void cancelledJobEndsWhetherItWaitsOrRuns() {
        local(jobs -> {
            Promise<Boolean> begun = new Promise<>();
            boolean[] cancelled = {false};
            JobHandle waiting = jobs.submit("long", NOTHING);
            assertTrue(waiting.cancel());
            assertThrows(JobCancelledException.class, waiting::join);
            try (JobSubscription _ = jobs.handle("long", 1, job -> {
                begun.complete(true);
                try {
                    Heddle.sleep(Duration.ofDays(1));
                } finally {
                    cancelled[0] = true;
                }
                return NOTHING;
            })) {
                JobHandle running = jobs.submit("long", NOTHING);
                begun.join();
                assertTrue(running.cancel());
                assertThrows(JobCancelledException.class, running::join);
                assertTrue(cancelled[0]);
                assertEquals(new JobStatus.Cancelled(""), running.status());
                assertTrue(running.cancel());
            }
        });
    }

    @Test
    void progressOfARunningJobIsSeenByItsSubmitter() {
        sim(() -> {
            try (Cluster a = join("a");
                    Cluster b = join("b")) {
                Promise<Boolean> end = new Promise<>();
                try (JobSubscription _ = b.jobs("q", options).handle("work", 1, job -> {
                    for (int percent = 0; percent <= 50; percent++) {
                        job.progress(Bytes.utf8(percent + " %"));
                    }
                    end.join();
                    return NOTHING;
                })) {
                    JobHandle job = a.jobs("q", options).submit("work", NOTHING);
                    Heddle.sleep(Duration.ofSeconds(1));
                    assertEquals(new JobStatus.Running("b", 1, Bytes.utf8("50 %"), false), job.status());
                    end.complete(true);
                    job.join();
                }
            }
        });
    }

    @Test
    void submitWaitsWhileTheQueueIsFullAndOnlyAsLongAsItsDeadline() {
        sim(() -> {
            try (Cluster cluster = join("a")) {
                Jobs jobs = cluster.jobs("q", options.withCapacity(2));
                JobHandle first = jobs.submit("work", NOTHING);
                jobs.submit("work", NOTHING);
                assertEquals(Optional.empty(), jobs.submitIfRoom(JobSpec.of("work", NOTHING)));
                assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(30), () -> {
                    jobs.submit("work", NOTHING);
                }));
                Task<JobHandle> waiting = Heddle.spawn(() -> jobs.submit("work", NOTHING));
                Heddle.sleep(Duration.ofSeconds(20));
                assertFalse(waiting.isDone());
                first.cancel();
                Heddle.timeout(Duration.ofMillis(10), () -> {
                    waiting.join();
                });
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(2, jobs.statistics().waiting());
            }
        });
    }

    @Test
    void pausedQueueBeginsNothingOnAnyNode() {
        sim(() -> {
            try (Cluster a = join("a");
                    Cluster b = join("b")) {
                Jobs jobs = a.jobs("q", options);
                jobs.pause();
                jobs.pause();
                try (JobSubscription _ = b.jobs("q", options).handle("work", 1, job -> job.payload())) {
                    JobHandle job = jobs.submit("work", NOTHING);
                    Heddle.sleep(Duration.ofMinutes(1));
                    assertEquals(new JobStatus.Waiting(0, ""), job.status());
                    assertTrue(jobs.statistics().isPaused());
                    jobs.resume();
                    job.join();
                    Heddle.sleep(Duration.ofSeconds(1));
                    assertFalse(jobs.statistics().isPaused());
                }
            }
        });
    }

    @Test
    void pausedNameBeginsNothingOnAnyNodeAndTheOthersGoOn() {
        sim(() -> {
            try (Cluster a = join("a");
                    Cluster b = join("b")) {
                Jobs jobs = a.jobs("q", options);
                for (String name : List.of("mail", "paused", "\u4e16 %")) {
                    jobs.pause(name);
                    try (JobSubscription _ = b.jobs("q", options).handle(name, 1, job -> job.payload());
                            JobSubscription _ = b.jobs("q", options).handle("other", 1, job -> job.payload())) {
                        JobHandle job = jobs.submit(JobSpec.of(name, NOTHING).withPriority(9));
                        jobs.submit("other", NOTHING).join();
                        Heddle.sleep(Duration.ofMinutes(1));
                        assertEquals(new JobStatus.Waiting(0, ""), job.status());
                        assertEquals(Set.of(name), jobs.statistics().pausedNames());
                        assertFalse(jobs.statistics().isPaused());
                        jobs.resume();
                        Heddle.sleep(Duration.ofSeconds(1));
                        assertEquals(new JobStatus.Waiting(0, ""), job.status());
                        jobs.resume(name);
                        Heddle.timeout(Duration.ofSeconds(1), job::join);
                    }
                }
            }
        });
    }

    @Test
    void drainingNodeEndsWhatItDoesAndLeavesTheRestToOthers() {
        sim(() -> {
            try (Cluster a = join("a");
                    Cluster b = join("b")) {
                List<String> done = new ArrayList<>();
                JobSubscription here = a.jobs("q", options).handle("work", 2, job -> {
                    Heddle.sleep(Duration.ofSeconds(10));
                    done.add("a" + job.payload().utf8());
                    return NOTHING;
                });
                List<JobHandle> jobs = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    jobs.add(b.jobs("q", options).submit("work", Bytes.utf8("" + i)));
                }
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(2, here.running());
                here.drain();
                assertEquals(Set.of("a0", "a1"), Set.copyOf(done));
                Heddle.sleep(Duration.ofMinutes(1));
                assertEquals(new JobStatus.Waiting(0, ""), jobs.get(3).status());
                try (JobSubscription _ = b.jobs("q", options).handle("work", 2, job -> job.payload())) {
                    assertEquals("3", jobs.get(3).join().utf8());
                }
            }
        });
    }

    @Test
    void closingNodeGivesItsJobsBackAndThatIsNoFailure() {
        sim(() -> {
            Cluster a = join("a");
            try (Cluster b = join("b")) {
                a.jobs("q", options).handle("work", 1, _ -> {
                    Heddle.sleep(Duration.ofDays(1));
                    return NOTHING;
                });
                JobHandle job = b.jobs("q", options).submit(JobSpec.of("work", NOTHING).withMaxAttempts(1));
                Heddle.sleep(Duration.ofSeconds(1));
                assertInstanceOf(JobStatus.Running.class, job.status());
                a.close();
                assertEquals(new JobStatus.Waiting(1, ""), job.status());
                try (JobSubscription _ = b.jobs("q", options).handle("work", 1,
                        one -> Bytes.utf8("attempt " + one.attempt()))) {
                    assertEquals("attempt 2", job.join().utf8());
                }
            }
        });
    }

    @Test
    void resultsAreForgottenAfterAWhileAndTheOldestWhenThereAreTooMany() {
        sim(() -> {
            try (Cluster cluster = join("a")) {
                Jobs jobs = cluster.jobs("q", options.withKeepResults(Duration.ofMinutes(5)).withMaxResults(3));
                try (JobSubscription _ = jobs.handle("work", 1, job -> job.payload())) {
                    List<JobHandle> all = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        JobHandle job = jobs.submit("work", Bytes.utf8("" + i));
                        job.join();
                        all.add(job);
                    }
                    Heddle.sleep(Duration.ofSeconds(1));
                    assertEquals(new JobStatus.Unknown(), all.get(1).status());
                    assertEquals(new JobStatus.Done(1), all.get(2).status());
                    assertThrows(JobForgottenException.class, all.getFirst()::join);
                    Heddle.sleep(Duration.ofMinutes(6));
                    assertEquals(0, jobs.statistics().ended());
                }
            }
        });
    }

    @Test
    void scheduledJobComesOnceATimeAlsoWhenAnotherNodeLeads() {
        sim(() -> {
            Cluster a = join("a");
            try (Cluster b = join("b")) {
                List<String> ids = new ArrayList<>();
                JobHandler handler = job -> {
                    ids.add(job.id());
                    return NOTHING;
                };
                a.jobs("q", options).handle("tick", 1, handler);
                b.jobs("q", options).handle("tick", 1, handler);
                b.jobs("q", options).schedule("ticker", Cron.of("*/10 * * * *", ZoneOffset.UTC),
                        JobSpec.of("tick", NOTHING));
                Heddle.sleep(Duration.ofMinutes(35));
                a.close();
                Heddle.sleep(Duration.ofMinutes(30));
                assertTrue(ids.size() == 6 || ids.size() == 7, ids.toString());
                assertEquals(ids.size(), new HashSet<>(ids).size());
                assertTrue(b.jobs("q", options).unschedule("ticker"));
                int before = ids.size();
                Heddle.sleep(Duration.ofMinutes(30));
                assertEquals(before, ids.size());
            }
        });
    }

    @Test
    void scheduledTimesThatNobodySawComeOnceTogether() {
        sim(() -> {
            try (Cluster a = join("a")) {
                Jobs jobs = a.jobs("q", options);
                int[] runs = {0};
                JobHandler handler = _ -> {
                    runs[0]++;
                    return NOTHING;
                };
                JobSubscription first = jobs.handle("tick", 1, handler);
                jobs.schedule("ticker", Cron.of("0 * * * *", ZoneOffset.UTC), JobSpec.of("tick", NOTHING));
                Heddle.sleep(Duration.ofMinutes(1));
                first.close();
                int before = runs[0];
                Heddle.sleep(Duration.ofHours(5));
                try (JobSubscription _ = jobs.handle("tick", 1, handler)) {
                    Heddle.sleep(Duration.ofMinutes(1));
                    assertEquals(before + 1, runs[0]);
                }
            }
        });
    }

    @Test
    void scheduleThatIsSaidAgainWithTheSameTimesMissesNone() {
        JobSpec spec = JobSpec.of("tick", NOTHING);
        assertEquals(1, missedThenSaidAgain("0 * * * *", spec));
        assertEquals(1, missedThenSaidAgain("0 * * * *", spec.withPriority(1)));
        assertEquals(0, missedThenSaidAgain("1 * * * *", spec));
    }

    private int missedThenSaidAgain(String cron, JobSpec spec) {
        int[] runs = {0};
        SimOptions options = SimOptions.DEFAULT.withStart(Instant.parse("2030-05-01T02:10:00Z"));
        Sim.run(options, _ -> {
            store = InMemoryStore.create();
            tickFor(Duration.ofMinutes(5), "0 * * * *", JobSpec.of("tick", NOTHING), runs);
            Heddle.sleep(Duration.ofHours(2));
            tickFor(Duration.ofMinutes(5), cron, spec, runs);
        });
        return runs[0];
    }

    private void tickFor(Duration time, String cron, JobSpec spec, int[] runs) {
        try (Cluster node = join("a")) {
            Jobs jobs = node.jobs("q", options);
            jobs.handle("tick", 1, _ -> {
                runs[0]++;
                return NOTHING;
            });
            jobs.schedule("ticker", Cron.of(cron, ZoneOffset.UTC), spec);
            Heddle.sleep(time);
        }
    }

    @Test
    void clocksThatAreAYearApartChangeNoDelayNoResultAndNoToken() {
        sim(() -> {
            SimHost behind = Sim.current().network().host("behind");
            SimHost ahead = Sim.current().network().host("ahead");
            behind.shiftWallClock(Duration.ofDays(-365));
            ahead.shiftWallClock(Duration.ofDays(365));
            try (Cluster late = behind.run(() -> join("late"));
                    Cluster early = ahead.run(() -> join("early"))) {
                List<Token> tokens = new ArrayList<>();
                long[] at = {0};
                JobHandler handler = job -> {
                    tokens.add(job.token());
                    at[0] = Heddle.currentLoop().nanoTime();
                    return job.payload();
                };
                Jobs there = early.jobs("q", options);
                Jobs here = late.jobs("q", options);
                try (JobSubscription _ = there.handle("work", 1, handler)) {
                    long begin = Heddle.currentLoop().nanoTime();
                    JobHandle job = here
                            .submit(JobSpec.of("work", Bytes.utf8("x")).withDelay(Duration.ofMinutes(1)));
                    assertEquals("x", job.join().utf8());
                    Duration took = Duration.ofNanos(at[0] - begin);
                    assertTrue(took.compareTo(Duration.ofMinutes(1)) >= 0, took.toString());
                    assertTrue(took.compareTo(Duration.ofMinutes(2)) < 0, took.toString());
                    Heddle.sleep(Duration.ofMinutes(30));
                    assertEquals("x", there.job(job.id()).join().utf8());
                    assertEquals(new JobStatus.Done(1), job.status());
                }
                try (JobSubscription _ = here.handle("work", 1, handler)) {
                    there.submit("work", NOTHING).join();
                }
                assertTrue(tokens.get(1).compareTo(tokens.get(0)) > 0, tokens.toString());
            }
        });
    }

    @Test
    void scheduleGoesOnAndComesOnceATimeWhenTheLeadGoesToAClockThatIsAYearOff() {
        for (long days : new long[]{-365, 365}) {
            sim(() -> {
                SimHost off = Sim.current().network().host("off");
                off.shiftWallClock(Duration.ofDays(days));
                List<String> ids = new ArrayList<>();
                JobHandler handler = job -> {
                    ids.add(job.id());
                    return NOTHING;
                };
                Cluster right = join("right");
                right.jobs("q", options).handle("tick", 1, handler);
                right.jobs("q", options).schedule("ticker", Cron.of("*/10 * * * *", ZoneOffset.UTC),
                        JobSpec.of("tick", NOTHING));
                Heddle.sleep(Duration.ofMinutes(30));
                try (Cluster other = off.run(() -> join("other"))) {
                    off.run(() -> {
                        other.jobs("q", options).handle("tick", 1, handler);
                    });
                    Heddle.sleep(Duration.ofSeconds(1));
                    right.close();
                    Heddle.sleep(Duration.ofMinutes(30));
                    assertTrue(ids.size() >= 5 && ids.size() <= 8, ids.toString());
                    assertEquals(ids.size(), new HashSet<>(ids).size());
                }
            });
        }
    }

    @Test
    void handlerOfANameIsOneOnANodeUntilItIsClosed() {
        local(jobs -> {
            JobSubscription first = jobs.handle("work", 1, job -> job.payload());
            assertThrows(IllegalStateException.class, () -> jobs.handle("work", 1, job -> job.payload()));
            first.close();
            first.close();
            jobs.handle("work", 1, job -> job.payload()).drain();
        });
    }

    @Test
    void resultThatIsTooLargeIsAFailure() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("big", 1, _ -> Bytes.of(new byte[65 * 1024]))) {
                JobHandle job = jobs.submit(JobSpec.of("big", NOTHING).withMaxAttempts(1));
                assertThrows(JobFailedException.class, job::join);
            }
            assertThrows(IllegalArgumentException.class, () -> JobSpec.of("big", Bytes.of(new byte[65 * 1024])));
        });
    }

    /** What a test does with a queue. */
    private interface Body {
        void run(Jobs jobs) throws Exception;
    }

    @Test
    void leapDayThatIsASundayComesHoweverFarAwayItIs() {
        Cron cron = Cron.of("0 0 29 2 */7", ZoneOffset.UTC);
        Instant time = Instant.parse("1970-01-01T00:00:00Z");
        List<Integer> years = new ArrayList<>();
        while (years.size() < 7) {
            time = cron.next(time);
            years.add(time.atOffset(ZoneOffset.UTC).getYear());
        }
        assertEquals(List.of(1976, 2004, 2032, 2060, 2088, 2128, 2156), years);
        assertThrows(IllegalArgumentException.class, () -> Cron.of("0 0 30 2 *", ZoneOffset.UTC));
    }

    @Test
    void failedAttemptIsLoggedAndKeptWithItsStack() {
        List<LogRecord> log = logged(() -> local(jobs -> {
            try (JobSubscription _ = jobs.handle("bad", 1, _ -> {
                throw new IllegalStateException("no mailbox", new IOException("disk"));
            })) {
                JobHandle job = jobs.submit(JobSpec.of("bad", NOTHING).withId("7").withMaxAttempts(2));
                var failed = assertThrows(JobFailedException.class, job::join);
                assertEquals("job 7 of mail failed 2 times, the last time: java.lang.IllegalStateException: no mailbox",
                        failed.getMessage());
                assertEquals("java.lang.IllegalStateException: no mailbox",
                        assertInstanceOf(JobStatus.Dead.class, job.status()).error());
                String stack = job.snapshot().failure().orElseThrow().stack();
                assertTrue(stack.startsWith("    at dev.heddle.cluster.JobsTest"), stack);
                assertTrue(stack.contains("\nCaused by: java.io.IOException: disk\n    at "), stack);
            }
        }));
        List<String> first = log.stream().limit(2).map(LogRecord::getMessage).toList();
        assertTrue(
                first.getFirst()
                        .startsWith("attempt 1 of the job bad 7 of mail has failed, and it is tried again in "),
                first.getFirst());
        assertEquals("attempt 2 of the job bad 7 of mail has failed, and it is a dead letter", first.getLast());
        assertInstanceOf(IllegalStateException.class, log.getFirst().getThrown());
    }

    @Test
    void nodeThatIsApartSaysSoAndWhenItIsBack() {
        List<LogRecord> log = logged(() -> Sim.run(() -> {
            SimStore store = SimStore.create(3, StoreFaults.NONE);
            SimHost host = Sim.current().network().host("node");
            host.run(() -> {
                try (Cluster node = Cluster.join(ClusterOptions.of("shop", store).withNode("a"))) {
                    host.isolate();
                    Heddle.sleep(Duration.ofMinutes(1));
                    host.rejoin();
                    Heddle.sleep(Duration.ofMinutes(1));
                    assertTrue(node.isJoined());
                }
            });
        }));
        assertEquals(2, log.size(), () -> log.stream().map(LogRecord::getMessage).toList().toString());
        assertTrue(
                log.getFirst().getMessage()
                        .startsWith("node a of the cluster shop is apart from the others, and gives up"
                                + " what it owns: the store has not answered for two thirds"),
                log.getFirst().getMessage());
        String back = log.getLast().getMessage();
        Matcher seconds = Pattern.compile("node a of the cluster shop is with the others again, after ([0-9.]+) s")
                .matcher(back);
        assertTrue(seconds.matches(), back);
        double apart = Double.parseDouble(seconds.group(1));
        assertTrue(apart > 40 && apart < 62, back);
    }

    private static List<LogRecord> logged(Runnable body) {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger("dev.heddle.cluster");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logRecord) {
                records.add(logRecord);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            body.run();
        } finally {
            logger.removeHandler(handler);
        }
        return records;
    }

    @Test
    void failureThatIsNotToBeRetriedIsADeadLetterAtOnceAlsoAsACause() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("bad", 1, _ -> {
                throw new IllegalStateException("outer", new JobNotRetriedException("no such address"));
            })) {
                JobHandle job = jobs.submit("bad", NOTHING);
                assertThrows(JobFailedException.class, job::join);
                assertEquals(1, assertInstanceOf(JobStatus.Dead.class, job.status()).attempts());
            }
        });
    }

    @Test
    void failureMayNameTheTimeUntilTheNextAttempt() {
        local(jobs -> {
            List<Long> at = new ArrayList<>();
            try (JobSubscription _ = jobs.handle("busy", 1, job -> {
                at.add(Heddle.currentLoop().nanoTime());
                if (job.attempt() == 1) {
                    throw new JobRetryException(Duration.ofHours(3), "come again in three hours");
                }
                return NOTHING;
            })) {
                jobs.submit("busy", NOTHING).join();
                Duration between = Duration.ofNanos(at.getLast() - at.getFirst());
                assertTrue(between.compareTo(Duration.ofHours(3)) >= 0
                        && between.compareTo(Duration.ofHours(3).plusSeconds(5)) < 0, between.toString());
            }
        });
    }

    @Test
    void queueIsBoundedInBytesOfPayloadsToo() {
        sim(() -> {
            Bytes half = Bytes.of(new byte[32 * 1024]);
            JobsOptions few = options.withMaxPayloadBytes(64 * 1024);
            try (Cluster a = join("a"); Cluster b = join("b")) {
                Jobs jobs = a.jobs("q", few);
                jobs.submit("work", half);
                jobs.submit("work", half);
                assertTrue(jobs.submitIfRoom(JobSpec.of("work", Bytes.utf8("x"))).isEmpty());
                assertTrue(jobs.submitIfRoom(JobSpec.of("work", NOTHING)).isPresent());
                Task<JobHandle> waiting = Heddle.spawn(() -> b.jobs("q", few).submit("work", half));
                Heddle.sleep(Duration.ofSeconds(10));
                assertFalse(waiting.isDone());
                assertEquals(3, jobs.statistics().waiting());
                try (JobSubscription _ = jobs.handle("work", 1, _ -> NOTHING)) {
                    waiting.join().join();
                }
                assertEquals(0, jobs.statistics().waiting());
                assertTrue(jobs.submitIfRoom(JobSpec.of("work", half)).isPresent());
            }
        });
    }

    @Test
    void oldestResultsAreForgottenBeyondTheirBytes() {
        sim(() -> {
            try (Cluster a = join("a")) {
                Jobs jobs = a.jobs("q", options.withMaxResultBytes(100 * 1024));
                try (JobSubscription _ = jobs.handle("work", 1, _ -> Bytes.of(new byte[32 * 1024]))) {
                    for (int i = 0; i < 6; i++) {
                        jobs.submit(JobSpec.of("work", NOTHING).withId("id" + i)).join();
                    }
                    Heddle.sleep(Duration.ofSeconds(2));
                    assertEquals(3, jobs.statistics().ended());
                    assertThrows(JobForgottenException.class, jobs.job("id2")::join);
                    assertEquals(32 * 1024, jobs.job("id3").join().length());
                }
            }
        });
    }

    @Test
    void handlerThatWaitsForItsOwnEndIsToldSo() {
        local(jobs -> {
            List<JobSubscription> own = new ArrayList<>();
            own.add(jobs.handle("work", 1, _ -> {
                assertThrows(IllegalStateException.class, own.getFirst()::drain);
                assertThrows(IllegalStateException.class, own.getFirst()::close);
                return NOTHING;
            }));
            jobs.submit("work", NOTHING).join();
            own.getFirst().close();
        });
    }

    @Test
    void progressWithoutAWaitBetweenIsToldOnceALook() {
        local(jobs -> {
            try (JobSubscription _ = jobs.handle("work", 1, job -> {
                for (int i = 0; i <= 100_000; i++) {
                    job.progress(Bytes.utf8(Integer.toString(i)));
                }
                Heddle.sleep(Duration.ofSeconds(1));
                return NOTHING;
            })) {
                JobHandle job = jobs.submit("work", NOTHING);
                Heddle.sleep(Duration.ofMillis(500));
                assertEquals("100000", assertInstanceOf(JobStatus.Running.class, job.status()).progress().utf8());
                job.join();
            }
        });
    }

    @Test
    void joinOfAJobThatIsNotKnownSaysSoAtOnce() {
        local(jobs -> {
            long begin = Heddle.currentLoop().nanoTime();
            assertThrows(JobForgottenException.class, jobs.job("nobody")::join);
            assertTrue(Heddle.currentLoop().nanoTime() - begin < Duration.ofMillis(100).toNanos());
        });
    }

    @Test
    void timesOfAJobAreKnownAndTheOldestThatWaits() {
        local(jobs -> {
            jobs.handle("other", 1, _ -> NOTHING); // so that the node measures the delay
            Heddle.sleep(Duration.ofSeconds(1));
            Instant begin = Heddle.currentLoop().engine().now();
            JobHandle job = jobs.submit(JobSpec.of("work", NOTHING).withDelay(Duration.ofSeconds(100)));
            Heddle.sleep(Duration.ofSeconds(160));
            assertEquals(60, jobs.statistics().oldestWaiting().toSeconds());
            assertEquals(60, jobs.nodeStatistics().oldestWaitingSeconds(), 1);
            try (JobSubscription _ = jobs.handle("work", 1, _ -> {
                Heddle.sleep(Duration.ofSeconds(10));
                return NOTHING;
            })) {
                Heddle.sleep(Duration.ofSeconds(5));
                assertEquals(5, jobs.nodeStatistics().longestRunningSeconds(), 1);
                job.join();
            }
            JobSnapshot ended = job.snapshot();
            assertEquals("work", ended.name());
            assertEquals(0, seconds(begin, ended.submitted()));
            assertEquals(160, seconds(begin, ended.begun()), 1);
            assertEquals(170, seconds(begin, ended.ended()), 1);
            assertEquals(ended, jobs.list().getFirst());
        });
    }

    private static long seconds(Instant begin, Optional<Instant> end) {
        return Duration.between(begin, end.orElseThrow()).toSeconds();
    }

    @Test
    @Tag("full")
    void delayIsNotLateHoweverOftenNodesLeaveInOrderOrLoseTheirLeases() {
        sim(() -> {
            Duration delay = Duration.ofHours(3);
            long begin = Heddle.currentLoop().nanoTime();
            long[] at = {0};
            JobHandler handler = _ -> {
                at[0] = Heddle.currentLoop().nanoTime();
                return NOTHING;
            };
            Cluster node = join("n0");
            node.jobs("q", options).handle("later", 1, handler);
            node.jobs("q", options).submit(JobSpec.of("later", NOTHING).withDelay(delay));
            for (int i = 1; i <= 220; i++) {
                Heddle.sleep(Duration.ofSeconds(50));
                if (i % 2 == 0) {
                    node.lease().end("the test says so");
                } else {
                    Cluster next = join("n" + i);
                    next.jobs("q", options).handle("later", 1, handler);
                    node.close();
                    node = next;
                }
            }
            Heddle.sleep(Duration.ofHours(1));
            node.close();
            Duration late = Duration.ofNanos(at[0] - begin).minus(delay);
            assertTrue(!late.isNegative() && late.compareTo(Duration.ofSeconds(30)) < 0, late.toString());
        });
    }

    @Test
    void scheduleWhoseNextTimeIsDecadesAwayKeepsNoOtherFromItsTimes() {
        sim(() -> {
            SimHost host = Sim.current().network().host("later");
            host.shiftWallClock(Duration.between(
                    Heddle.currentLoop().engine().now(), Instant.parse("2088-03-01T00:00:00Z")));
            int[] ticks = {0};
            host.run(() -> {
                try (Cluster node = join("a")) {
                    Jobs jobs = node.jobs("q", options);
                    jobs.handle("tick", 1, _ -> {
                        ticks[0]++;
                        return NOTHING;
                    });
                    jobs.schedule("leap", Cron.of("0 0 29 2 */7", ZoneOffset.UTC), JobSpec.of("tick", NOTHING));
                    jobs.schedule("minute", Cron.of("* * * * *", ZoneOffset.UTC), JobSpec.of("tick", NOTHING));
                    Heddle.sleep(Duration.ofMinutes(10));
                }
            });
            assertTrue(ticks[0] >= 9, ticks[0] + " ticks");
        });
    }

    private void sim(Action body) {
        Sim.seeds(1, Integer.getInteger("seeds", 5), () -> {
            store = InMemoryStore.create();
            body.run();
        });
    }

    private void local(Body body) {
        Action action = () -> {
            try (Cluster cluster = join("a")) {
                body.run(cluster.jobs("mail", options));
            }
        };
        sim(action);
    }

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }
}
