package dev.heddle.cluster.internal.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InboxRow;
import dev.heddle.cluster.store.Op;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A row of an inbox becomes the job that was submitted, and nothing that a node has not said. */
final class InboxJobTest {

    private static final JobKeys KEYS = new JobKeys("mail");

    /** What a job of the inbox cannot have. */
    private static final Set<String> LEFT_OUT = Set.of("after", "afterBatch", "afterAnyEnd", "place");

    private static final String TERMS = """
            "name": "send", "priority": 7, "maxAttempts": 3, "key": "customer 1", "deadlineMillis": 1000,
            "attemptMillis": 2000, "backoff": {"firstMillis": 3000, "maxMillis": 4000, "jitterPermille": 250},
            "traceparent": "00-1", "tracestate": "a=b", "submittedAtMillis": 1700000000000, "payloadBytes": 3,
            "batch": "b", "group": "customer", "color": [1, {}]""";

    /** Terms of which each is another than it is by itself. */
    private static JobTerms terms() {
        return OpenJob.decode(Bytes.utf8("{" + TERMS + "}")).orElseThrow().terms();
    }

    @Test
    void eachTermIsInTheseTests() throws ReflectiveOperationException {
        JobTerms usual = OpenJob.decode(Bytes.utf8("{\"name\": \"other\"}")).orElseThrow().terms();
        for (RecordComponent each : JobTerms.class.getRecordComponents()) {
            if (!LEFT_OUT.contains(each.getName())) {
                assertNotEquals(each.getAccessor().invoke(usual), each.getAccessor().invoke(terms()), each.getName());
            }
        }
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
    }

    @Test
    void optionsThatOnlyANodeMaySayAreLeftOut() {
        String all = "{" + TERMS + """
                , "delayMillis": 4000, "attempts": 9, "returned": 8, "leftMillis": 7, "cancelling": true, "dead": true,
                "failure": {"type": "x"}, "stackBytes": 6, "readyAtMillis": 5, "blocked": true}""";
        assertEquals(OpenJob.of(terms(), 4_000), formOf(submit(row("1", "send", all))));
    }

    @Test
    void jobOfNoOptionsIsOneOfTheUsual() {
        OpenJob form = formOf(submit(row("1", "send", "{}")));
        assertEquals(5, form.terms().maxAttempts());
        assertEquals("send 7 3 1700000000000", form.name() + " " + form.priority() + " " + form.terms().bytes() + " "
                + form.terms().submittedAt());
    }

    @Test
    void rowThatIsNoJobIsADeadLetterUnderItsIdOrANewOne() {
        for (String options : List.of("", "[]", "{\"maxAttempts\":1.5}", "{\"key\":null}", "{\"key\":\"~s\"}",
                "{\"maxAttempts\":0}", "{\"after\":[\"2\"]}", "{\"afterBatch\":\"b\"}",
                new JsonWriter().text("x", "y".repeat(70_000)).end().utf8())) {
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
