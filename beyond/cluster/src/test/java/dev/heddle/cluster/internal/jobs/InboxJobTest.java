package dev.heddle.cluster.internal.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InboxRow;
import dev.heddle.cluster.store.Op;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A row of an inbox becomes the job that was submitted, and nothing that a node has not said. */
final class InboxJobTest {

    private static final JobKeys KEYS = new JobKeys("mail");

    /** Terms of which each is another than it is by itself. */
    private static JobTerms terms() {
        return new JobTerms("send", 7, 3, "customer 1", 1_000, 2_000,
                new Backoff(Duration.ofSeconds(3), Duration.ofSeconds(4), 0.25), "", "", 1_700_000_000_000L, 3,
                "\"color\":[1,{}]");
    }

    private static InboxRow row(String id, String name, String options) {
        return new InboxRow("mail", id, name, Bytes.utf8("ada"), 7, options, 1_700_000_000_000L);
    }

    private static List<Op> submit(InboxRow row) {
        return InboxJob.submit(KEYS, row, () -> "~new", 5);
    }

    private static OpenJob formOf(List<Op> ops) {
        return OpenJob.decode(((Op.Create) ops.get(1)).value()).orElseThrow();
    }

    @Test
    void jobByTheInboxIsTheOneThatASubmitMakes() {
        JobTerms terms = terms();
        List<Op> submitted = KEYS.submit("invoice", OpenJob.of(terms, 4_000), Bytes.utf8("ada"));
        assertEquals(submitted, submit(row("invoice", "send", InboxJob.options(terms, 4_000))));
    }

    @Test
    void optionsSayNothingThatHasAColumn() {
        String options = InboxJob.options(terms(), 4_000);
        for (String name : List.of("name", "priority", "payloadBytes", "submittedAtMillis")) {
            assertTrue(!options.contains('"' + name + '"'), options);
        }
        assertEquals("{\"maxAttempts\":1}", InboxJob.options(
                new JobTerms("send", 5, 1, "", 0, 0, null, "", "", 0, 0, ""), 0));
    }

    @Test
    void optionsThatOnlyANodeMaySayAreLeftOut() {
        var failure = new FailedAttempt("type", "message", "", 9, "node", 9);
        var all = new OpenJob(terms(), 9, 8, 4_000, 7, true, true, failure, 6, 5);
        assertEquals(OpenJob.of(terms(), 4_000), formOf(submit(row("1", "send", all.encode().utf8()))));
    }

    @Test
    void jobOfNoOptionsIsOneOfTheUsual() {
        OpenJob form = formOf(submit(row("1", "send", "{}")));
        assertEquals(new JobTerms("send", 7, 5, "", 0, 0, null, "", "", 1_700_000_000_000L, 3, ""), form.terms());
    }

    @Test
    void rowThatIsNoJobIsADeadLetterUnderItsIdOrANewOne() {
        for (String options : List.of("", "[]", "{\"maxAttempts\":1.5}", "{\"key\":null}", "{\"key\":\"~s\"}",
                "{\"maxAttempts\":0}", new JsonWriter().text("x", "y".repeat(70_000)).end().utf8())) {
            List<Op> ops = submit(row("1", "send", options));
            assertTrue(formOf(ops).dead(), options);
            assertEquals(List.of(KEYS.record("1"), KEYS.open("1"), KEYS.ended("1")),
                    ops.stream().map(Op::key).toList());
        }
        assertEquals(KEYS.record("%7enew"), submit(row("\ud800", "send", "{}")).getFirst().key());
        assertEquals(KEYS.record("%7enew"), submit(row("", "", "{}")).getFirst().key());
        assertTrue(formOf(submit(row("1", "", "{}"))).dead());
    }
}
