package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.Cron;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.JobAttempt;
import dev.heddle.cluster.JobCancelledException;
import dev.heddle.cluster.JobFailedException;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.JobStatus;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsOptions;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines of the table for people who come from Celery. */
final class ComingFromCeleryTest {

    private static final Backoff SLOW = Backoff.DEFAULT.withDelays(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final List<String> sent = new ArrayList<>();

    private Bytes send(JobAttempt job) {
        sent.add(job.payload().utf8());
        return Bytes.utf8("sent");
    }

    @Test
    void handlersAndResults() {
        ClusterOptions shop = ClusterOptions.of("shop", InMemoryStore.create());
        Sim.run(() -> {
            try (Cluster cluster = Cluster.join(shop)) {
                Jobs mail = cluster.jobs("mail");
                JobSubscription handling = mail.handle("send", 4, job -> send(job));
                JobHandle job = mail.submit("send", Bytes.utf8("ada"));
                Bytes receipt = timeout(Duration.ofSeconds(5), () -> job.join());
                assertEquals("sent", receipt.utf8());
                JobStatus status = job.status();
                assertInstanceOf(JobStatus.Done.class, status);
                assertInstanceOf(JobStatus.Unknown.class, mail.job("invoice 8").status());
                List<String> people = List.of("bob", "cyd");
                List<Bytes> receipts = map(people, 10, who -> mail.submit("send", Bytes.utf8(who)).join());
                assertEquals(2, receipts.size());
                sleep(Duration.ofSeconds(1)); // a node hears of the numbers a little later
                assertEquals(0, mail.statistics().running());
                handling.drain();
                assertEquals(3, sent.size());
            }
        });
    }

    @Test
    void specifications() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail", JobsOptions.DEFAULT.withBackoff(SLOW));
                JobSpec invoice = JobSpec.of("send", Bytes.utf8("7"));
                JobHandle job = mail.submit(invoice
                        .withDelay(Duration.ofMinutes(5))
                        .withPriority(9)
                        .withId("invoice 7")
                        .withKey("customer 1")
                        .withMaxAttempts(6));
                assertEquals(job.id(), mail.submit(invoice.withKey("customer 1")).id());
                mail.handle("send", 1, each -> send(each));
                long begun = currentLoop().nanoTime();
                job.join();
                assertTrue(currentLoop().nanoTime() - begun >= Duration.ofMinutes(5).toNanos());
            }
        });
    }

    @Test
    void attemptsAndDeadLetters() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail",
                        JobsOptions.DEFAULT.withKeepResults(Duration.ofHours(1)).withMaxResults(10_000));
                mail.handle("send", 4, job -> {
                    job.progress(Bytes.utf8("50"));
                    if (job.attempt() == 1) {
                        throw new IOException("later");
                    }
                    mail.submit(JobSpec.of("bill", job.payload()).withId("bill " + job.id()));
                    return Bytes.EMPTY;
                });
                mail.handle("bill", 4, job -> timeout(Duration.ofMinutes(5), () -> send(job)));
                JobHandle job = mail.submit("send", Bytes.utf8("ada"));
                job.join();
                mail.job("bill " + job.id()).join();
                assertEquals(List.of("ada"), sent);
                JobHandle poor = mail.submit(JobSpec.of("send", Bytes.utf8("bob")).withMaxAttempts(1));
                assertThrows(JobFailedException.class, poor::join);
                for (JobHandle dead : mail.deadLetters()) {
                    dead.retry();
                }
                poor.join();
            }
        });
    }

    @Test
    void cancelsPausesAndSchedules() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                mail.handle("wait", 1, _ -> {
                    sleep(Duration.ofDays(1));
                    return Bytes.EMPTY;
                });
                JobHandle job = mail.submit("wait", Bytes.EMPTY);
                sleep(Duration.ofMinutes(1));
                job.cancel();
                assertThrows(JobCancelledException.class, job::join);
                mail.handle("report", 1, each -> send(each));
                mail.pause();
                JobHandle late = mail.submit("report", Bytes.utf8("late"));
                sleep(Duration.ofHours(1));
                assertEquals(List.of(), sent);
                mail.resume();
                late.join();
                cluster.limiter("mail", 10, 1).acquire();
                ZoneId zone = ZoneId.of("Europe/Zurich");
                mail.schedule("nightly", Cron.of("0 3 * * *", zone), JobSpec.of("report", Bytes.utf8("night")));
                sleep(Duration.ofDays(1));
                assertEquals(List.of("late", "night"), sent);
                assertEquals("priority", cluster.jobs("priority").name());
            }
        });
    }
}
