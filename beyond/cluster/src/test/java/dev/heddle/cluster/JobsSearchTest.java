package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.JobQuery.Status;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs are found by kind, status, key and text, in pages, and something is done with all that are found. */
final class JobsSearchTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private interface Body {
        void run(Jobs mail) throws Exception;
    }

    private static void mail(Body body) {
        Sim.run(() -> {
            ClusterOptions options = ClusterOptions.of("shop", InMemoryStore.create()).withNode("a");
            try (Cluster cluster = Cluster.join(options)) {
                body.run(cluster.jobs("mail"));
            }
        });
    }

    private static JobSpec job(String id, String kind) {
        return JobSpec.of(kind, Bytes.EMPTY).withId(id).withMaxAttempts(1);
    }

    private static List<String> ids(JobPage page) {
        return page.jobs().stream().map(JobSnapshot::id).toList();
    }

    private static List<String> found(Jobs mail, JobQuery filter) {
        return ids(mail.list(filter, 100));
    }

    /** One that is done, one that runs, two dead letters and one that waits. */
    private static void some(Jobs mail, Body body) throws Exception {
        mail.submit(job("done", "send").withKey("order 7"));
        mail.submit(job("dead 1", "send"));
        mail.submit(job("dead 2", "bill"));
        mail.submit(job("waits", "send").withDelay(Duration.ofHours(1)).withKey("order 8"));
        mail.submit(job("runs", "slow"));
        JobHandler handler = job -> {
            Heddle.sleep(SECOND);
            if (job.id().startsWith("dead")) {
                throw new IllegalStateException("no Address of " + job.id());
            }
            return Bytes.EMPTY;
        };
        try (JobSubscription _ = mail.handle("send", 2, handler);
                JobSubscription _ = mail.handle("bill", 1, handler);
                JobSubscription _ = mail.handle("slow", 1, _ -> {
                    Heddle.sleep(Duration.ofHours(1));
                    return Bytes.EMPTY;
                })) {
            Heddle.sleep(SECOND.multipliedBy(10));
            body.run(mail);
        }
    }

    @Test
    void filterChoosesByKindStatusKeyAndText() {
        mail(queue -> some(queue, mail -> {
            assertEquals(List.of("dead 1", "dead 2", "waits", "runs", "done"), found(mail, JobQuery.ALL));
            assertEquals(List.of("dead 1", "waits", "done"), found(mail, JobQuery.ALL.withKind("send")));
            assertEquals(List.of("dead 1", "dead 2"), found(mail, JobQuery.ALL.withStatus(Status.DEAD)));
            assertEquals(List.of("runs", "done"),
                    found(mail, JobQuery.ALL.withStatus(Status.DONE, Status.RUNNING)));
            assertEquals(List.of("done"), found(mail, JobQuery.ALL.withKey("order 7")));
            assertEquals(List.of("waits", "done"), found(mail, JobQuery.ALL.withText("ORDER")));
            assertEquals(List.of("dead 2"), found(mail, JobQuery.ALL.withText("no address of dead 2")));
            assertEquals(List.of(), found(mail, JobQuery.ALL.withKind("bill").withKey("order 7")));
            JobSnapshot done = mail.list(JobQuery.ALL.withStatus(Status.DONE), 1).jobs().getFirst();
            assertEquals("order 7", done.key());
            assertEquals(SECOND, Duration.between(done.begun().orElseThrow(), done.ended().orElseThrow()));
            assertTrue(done.ready().isPresent());
        }));
    }

    @Test
    void pagesHaveEachJobOnceAlsoWhenSomeAreGoneInBetween() {
        mail(mail -> {
            for (int i = 0; i < 7; i++) {
                mail.submit(job("job " + i, "send"));
            }
            for (int i = 5; i < 7; i++) {
                mail.job("job " + i).cancel();
            }
            List<String> all = new ArrayList<>();
            JobPage page = mail.list(JobQuery.ALL, 2);
            assertEquals(7, page.found());
            all.addAll(ids(page));
            mail.job("job 1").cancel(); // the last of the page: it is no more where the next one begins
            while (page.next().isPresent()) {
                page = mail.list(JobQuery.ALL, 2, page.next().get());
                all.addAll(ids(page));
            }
            assertEquals(
                    List.of("job 0", "job 1", "job 2", "job 3", "job 4", "job 1", "job 6", "job 5"), all);
            assertThrows(IllegalArgumentException.class, () -> mail.list(JobQuery.ALL, 2, "job 1"));
            assertThrows(IllegalArgumentException.class, () -> mail.list(JobQuery.ALL, 0));
        });
    }

    @Test
    void allThatAreFoundAreRetriedDiscardedOrCancelled() {
        mail(queue -> some(queue, mail -> {
            assertEquals(1, mail.retryAll(JobQuery.ALL.withKind("bill")));
            assertEquals(0, mail.retryAll(JobQuery.ALL.withStatus(Status.DONE)));
            Heddle.sleep(SECOND.multipliedBy(5));
            assertEquals(2, mail.discardAll(JobQuery.ALL));
            assertEquals(2, mail.cancelAll(JobQuery.ALL));
            Heddle.sleep(SECOND);
            assertEquals(List.of("waits", "runs"),
                    found(mail, JobQuery.ALL.withStatus(Status.CANCELLED)).stream().sorted().toList().reversed());
            assertEquals(List.of("done"), found(mail, JobQuery.ALL.withStatus(
                    Status.DONE, Status.WAITING, Status.RUNNING, Status.DEAD)));
        }));
    }

    @Test
    void jobThatWaitsForItsTimeBeginsNow() {
        mail(queue -> some(queue, mail -> {
            assertFalse(mail.job("runs").runNow());
            assertFalse(mail.job("done").runNow());
            assertFalse(mail.job("dead 1").runNow());
            assertFalse(mail.job("unknown").runNow());
            assertEquals(1, mail.runAllNow(JobQuery.ALL));
            Heddle.sleep(SECOND.multipliedBy(3));
            assertTrue(mail.job("waits").status() instanceof JobStatus.Done);
        }));
    }

    @Test
    void kindsHaveTheirNumbersAndTimes() {
        mail(queue -> some(queue, mail -> {
            List<JobKindStatistics> kinds = mail.kinds();
            assertEquals(List.of("bill", "send", "slow"), kinds.stream().map(JobKindStatistics::kind).toList());
            JobKindStatistics send = kinds.get(1);
            assertEquals(List.of(1, 0, 0, 1, 1, 2), List.of(
                    send.waiting(), send.retrying(), send.running(), send.dead(), send.done(), send.slots()));
            assertEquals(0.2, send.donePerMinute());
            assertEquals(SECOND, send.medianRun());
            assertEquals(SECOND, send.slowRun());
            assertEquals(Duration.ZERO, send.oldestWaiting()); // its time has not come
            assertTrue(send.slowWait().compareTo(SECOND) < 0);
            assertEquals(1, kinds.get(2).running());
        }));
    }
}
