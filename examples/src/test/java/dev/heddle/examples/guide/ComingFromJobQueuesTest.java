package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.Cron;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.JobAttempt;
import dev.heddle.cluster.JobCodec;
import dev.heddle.cluster.JobFailedException;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobHandlerOptions;
import dev.heddle.cluster.JobKind;
import dev.heddle.cluster.JobLimit;
import dev.heddle.cluster.JobNotRetriedException;
import dev.heddle.cluster.JobRetryException;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.JobTimes;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsOptions;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.Sim;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of the tables for people who come from db-scheduler, JobRunr, River and Oban. */
final class ComingFromJobQueuesTest {

    private static final ZoneId zone = ZoneId.of("Europe/Zurich");

    record Mail(String to) {}

    private static final JobKind<Mail> SEND = JobKind.of("send", new JobCodec<>() {

        @Override
        public Bytes encode(Mail mail) {
            return Bytes.utf8(mail.to());
        }

        @Override
        public Mail decode(Bytes payload) {
            return new Mail(payload.utf8());
        }
    });

    private final List<String> sent = new ArrayList<>();

    private Bytes send(JobAttempt job) {
        return send(new Mail(job.payload().utf8()));
    }

    private Bytes send(Mail mail) {
        sent.add(mail.to());
        return Bytes.utf8("sent");
    }

    private JobSubscription handleMail(Jobs mail, JobHandlerOptions options) {
        return mail.handle(SEND, 4, options, (letter, job) -> send(letter));
    }

    @Test
    void oneTimeJobs() {
        Backoff slowly = Backoff.DEFAULT.withDelays(Duration.ofSeconds(5), Duration.ofMinutes(1));
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail", JobsOptions.DEFAULT.withKeepResults(Duration.ofHours(36)));
                Bytes payload = Bytes.utf8("ada");
                JobHandle once = mail.submit(JobSpec.of("send", payload).withId("invoice 7"));
                assertEquals(once.id(), mail.submit(JobSpec.of("send", payload).withId("invoice 7")).id());
                mail.submit("send", payload);
                mail.submit(JobSpec.of("send", payload).withMaxAttempts(4));
                JobHandle invoice = mail.submit(JobSpec.of("send", payload)
                        .withKey("customer 1")
                        .withPriority(9)
                        .withDelay(Duration.ofHours(1))
                        .withMaxAttempts(6)
                        .withBackoff(slowly));
                List<JobHandle> all = mail.submitAll(List.of(
                        JobSpec.of("send", Bytes.utf8("bob")), JobSpec.of("send", Bytes.utf8("cyd"))));
                JobSubscription handling = mail.handle("send", 5, job -> send(job));
                all.forEach(JobHandle::join);
                JobHandle late = mail.submit(JobSpec.of("send", payload).withDelay(Duration.ofDays(1)));
                assertTrue(late.cancel());
                invoice.join();
                assertEquals(7, mail.list().size());
                handling.drain();
            }
        });
        assertEquals(List.of("ada", "ada", "ada", "ada", "bob", "cyd"), sent.stream().sorted().toList());
    }

    @Test
    void schedulesAndPauses() {
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                mail.handle("send", 1, job -> send(job));
                JobSpec spec = JobSpec.of("send", Bytes.utf8("all"));
                mail.schedule("purge", JobTimes.every(Duration.ofHours(1)), spec);
                sleep(Duration.ofMinutes(150));
                assertEquals(2, sent.size());
                mail.unschedule("purge");
                mail.schedule("nightly", Cron.of("0 3 * * *", zone), spec);
                mail.schedule("nightly", Cron.of("0 0 3 * * *", zone), spec);
                mail.schedule("refresh", JobTimes.every(Duration.ofMinutes(15)), spec);
                mail.unschedule("refresh");
                mail.pause("send");
                sleep(Duration.ofDays(1));
                assertEquals(2, sent.size());
                mail.resume("send");
                sleep(Duration.ofMinutes(1));
                assertEquals(3, sent.size());
                mail.pause();
                mail.resume();
            }
        });
    }

    @Test
    void kindsFiltersAndFailures() {
        List<String> seen = new ArrayList<>();
        JobHandlerOptions options = JobHandlerOptions.DEFAULT
                .withAttemptTimeout(Duration.ofMinutes(2))
                .withFilter((job, next) -> {
                    seen.add(job.name());
                    return next.handle(job);
                });
        Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                mail.handle(SEND, 4, options, (letter, job) -> {
                    job.progress(Bytes.utf8("50"));
                    if (letter.to().equals("nobody")) {
                        throw new JobNotRetriedException("no such address");
                    }
                    if (job.attempt() == 1) {
                        throw new JobRetryException(Duration.ofHours(1), "busy");
                    }
                    return send(letter);
                });
                mail.submit(SEND, new Mail("ada")).join();
                handleMail(cluster.jobs("news"), options);
                cluster.jobs("news").submit(SEND, new Mail("eve")).join();
                JobHandle job = mail.submit(SEND, new Mail("nobody"));
                assertThrows(JobFailedException.class, job::join);
                assertTrue(job.retry());
                assertThrows(JobFailedException.class, job::join);
                assertTrue(job.discard());
            }
        });
        assertEquals(List.of("ada", "eve"), sent);
        assertEquals(5, seen.size());
    }

    @Test
    void workflowsBatchesAndLimits() {
        JobLimit limit = JobLimit.NONE.withRunning(2);
        StoreEngine store = InMemoryStore.create();
        Sim.run(() -> {
            try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", store).withTimeout(Duration.ofSeconds(15)))) {
                Jobs mail = cluster.jobs("mail",
                        JobsOptions.DEFAULT.withGroupLimit(limit).withLimit("send", limit));
                mail.handle("send", 10, job -> send(job));
                mail.handle("count", 1, job -> Bytes.utf8(job.resultOf("one").utf8() + " twice"));
                mail.handle("end", 1, _ -> Bytes.utf8(sent.size() + " letters"));
                JobHandle first = mail
                        .submit(JobSpec.of("send", Bytes.utf8("ada")).withId("one").withGroup("customer 1"));
                JobHandle second = mail.submit(JobSpec.of("send", Bytes.utf8("bob")).withGroup("customer 1"));
                JobHandle count = mail.submit(JobSpec.of("count", Bytes.EMPTY).withAfter(first, second));
                assertEquals("sent twice", count.join().utf8());
                mail.submitAll(List.of(
                        JobSpec.of("send", Bytes.utf8("cyd")).withBatch("letters"),
                        JobSpec.of("send", Bytes.utf8("dan")).withBatch("letters")));
                JobHandle end = mail.submit(JobSpec.of("end", Bytes.EMPTY).withAfterBatch("letters"));
                assertEquals("4 letters", end.join().utf8());
            }
        });
    }

    @Test
    void jobsOfATransaction(@TempDir Path directory) {
        run(() -> {
            Path file = directory.resolve("shop.db");
            try (Cluster cluster = Cluster.local(file)) {
                Jobs mail = cluster.jobs("mail");
                mail.handle("send", 100, job -> send(job));
                Bytes payload = Bytes.utf8("ada");
                JobSpec spec = JobSpec.of("send", payload);
                JobHandle job = offload(() -> {
                    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
                        connection.setAutoCommit(false);
                        mail.submit(connection, JobSpec.of("send", Bytes.utf8("never")));
                        connection.rollback();
                        mail.submit(connection, JobSpec.of("send", payload));
                        JobHandle submitted = mail.submit(connection, spec);
                        List<JobSpec> specs = List.of(JobSpec.of("send", Bytes.utf8("bob")));
                        mail.submitAll(connection, specs);
                        connection.commit();
                        return submitted;
                    }
                });
                job.join();
                timeout(Duration.ofSeconds(30), () -> {
                    while (sent.size() < 3) {
                        sleep(Duration.ofMillis(10));
                    }
                });
                assertEquals(List.of("ada", "ada", "bob"), sent.stream().sorted().toList());
            }
        });
    }
}
