package dev.heddle.cluster.internal.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Backoff;
import dev.heddle.cluster.store.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The entries of a queue are JSON that a person reads, with what later versions add to it. */
final class JobFormsTest {

    private static JobTerms terms(String name) {
        var terms = new JobTerms.Draft();
        terms.name = name;
        terms.maxAttempts = 5;
        terms.key = "customer 1";
        if (!name.equals("send")) {
            terms.backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), 0.25);
            terms.deadlineMillis = 3_600_000;
            terms.attemptMillis = 1;
            terms.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            terms.tracestate = "vendor=1";
        }
        terms.submittedAt = 1_893_456_000_000L;
        terms.bytes = 12;
        return terms.terms();
    }

    private static FailedAttempt failure(String message) {
        return new FailedAttempt("a.B", message, "    at a.B\n", 1, "n", 3);
    }

    @Test
    void entriesAreNamedFields() {
        OpenJob open = OpenJob.of(terms("send"), 0).begun()
                .failed(failure("no \u4e16"), 77, 2_000, 1_893_456_000_000L);
        assertEquals("{\"name\":\"send\",\"priority\":5,\"maxAttempts\":5,\"key\":\"customer 1\","
                + "\"submittedAtMillis\":1893456000000,\"payloadBytes\":12,\"attempts\":1,\"delayMillis\":2000,"
                + "\"failure\":{\"type\":\"a.B\",\"message\":\"no \u4e16\",\"attempt\":1,\"node\":\"n\",\"atMillis\":3},"
                + "\"stackBytes\":77,\"readyAtMillis\":1893456002000}", open.encode().utf8());
        assertEquals("{\"status\":\"dead\",\"name\":\"send\",\"attempts\":1,"
                + "\"failure\":{\"type\":\"a.B\",\"message\":\"no\",\"attempt\":1,\"node\":\"n\",\"atMillis\":3},"
                + "\"submittedAtMillis\":1893456000000,\"readyAtMillis\":1893456002000,\"begunAtMillis\":1,"
                + "\"endedAtMillis\":2,\"key\":\"customer 1\"}",
                open.ended(EndedJob.Kind.DEAD, failure("no"), 1, 2, 0).encode().utf8());
        assertEquals("{\"worker\":\"w\",\"node\":\"n\",\"name\":\"send\",\"progress\":\"50 %\",\"begunAtMillis\":1}",
                new RunningJob("w", "n", "send", Bytes.utf8("50 %"), 1, "", List.of()).encode().utf8());
        assertEquals("{\"node\":\"n\",\"limits\":{\"a\":1,\"b\":4}}",
                new WorkerFacts("n", Map.of("b", 4, "a", 1)).encode().utf8());
    }

    @Test
    void entriesAreReadAsTheyWereWritten() {
        OpenJob open = OpenJob.of(terms("\0 \ud83d\ude00\n"), 5).begun().givenBack()
                .failed(failure("why"), 77, 7, 9).cancelled();
        assertEquals(Optional.of(open), OpenJob.decode(open.encode()));
        assertEquals(Optional.of(failure("why")), FailedAttempt.decode(failure("why").encode()));
        assertEquals(89, OpenJob.bytesOf(open.encode()));
        OpenJob dead = open.buried(failure("x"), 5);
        assertEquals(Optional.of(dead), OpenJob.decode(dead.encode()));
        EndedJob ended = open.ended(EndedJob.Kind.CANCELLED, FailedAttempt.NONE, 1, 2, 3);
        assertEquals(Optional.of(ended), EndedJob.decode(ended.encode()));
        for (Bytes bytes : new Bytes[]{Bytes.EMPTY, Bytes.utf8("50 %"), Bytes.of(new byte[]{-1, 0}),
                Bytes.of(new byte[9])}) {
            RunningJob running = new RunningJob("w", "n", "send", bytes, 1, "g", List.of("a.0", "b.1"));
            assertEquals(Optional.of(running), RunningJob.decode(running.encode()));
            JobSchedule schedule = new JobSchedule(
                    new JobSchedule.Times("* * * * *", "UTC", 0, 1), JobSchedule.NEW, 0, terms("a"), bytes);
            assertEquals(Optional.of(schedule), JobSchedule.decode(schedule.encode()));
            assertEquals(Optional.of(schedule.upTo(0)), JobSchedule.decode(schedule.upTo(0).encode()));
            JobSchedule every = new JobSchedule(new JobSchedule.Times("", "", 60, 0), 7, 7, terms("a"), bytes);
            assertEquals(Optional.of(every), JobSchedule.decode(every.encode()));
        }
        WorkerFacts facts = new WorkerFacts("n", Map.of("\0\u4e16", 4));
        assertEquals(Optional.of(facts), WorkerFacts.decode(facts.encode()));
    }

    @Test
    void whatALaterVersionHasAddedOutlivesTheChangesOfThisOne() {
        OpenJob open = OpenJob
                .decode(Bytes.utf8("{\"name\":\"a\",\"color\":{\"of\":[1]},\"attempts\":1,\"x\":\"\u4e16\"}"))
                .orElseThrow();
        assertEquals(
                "{\"name\":\"a\",\"priority\":5,\"maxAttempts\":1,\"color\":{\"of\":[1]},\"x\":\"\u4e16\",\"attempts\":2}",
                open.begun().encode().utf8());
    }

    @Test
    void entryWithoutWhatItNeedsIsUnreadable() {
        Bytes nothing = Bytes.utf8("{}");
        assertEquals(Optional.empty(), OpenJob.decode(nothing));
        assertEquals(Optional.empty(), EndedJob.decode(nothing));
        assertEquals(Optional.empty(), RunningJob.decode(nothing));
        assertEquals(Optional.empty(), JobSchedule.decode(nothing));
        assertEquals(Optional.empty(), WorkerFacts.decode(nothing));
        assertEquals(0, OpenJob.bytesOf(Bytes.EMPTY));
    }
}
