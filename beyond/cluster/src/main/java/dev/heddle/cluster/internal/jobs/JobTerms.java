package dev.heddle.cluster.internal.jobs;

import dev.heddle.Backoff;
import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.trace.TraceContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Terms of a job, as it was submitted: nothing of them changes until it is forgotten.
 *
 * <p>One more term takes a component here, and in {@link Draft} a field, its place in {@link Draft#read} and
 * {@link Draft#terms}, and a line in {@link #write}.
 *
 * @param name chooses the handler
 * @param priority the higher is begun first
 * @param maxAttempts after how many failed attempts it is a dead letter
 * @param key its unique key; may be empty
 * @param deadlineMillis how long after it was submitted it has to be done; 0 for no such time
 * @param attemptMillis how long one attempt may take; 0 for any time
 * @param backoff how long it waits after a failure; null for that of the queue
 * @param traceparent of the trace in which it was submitted; empty for none
 * @param tracestate of that trace; may be empty
 * @param submittedAt for people: when it was submitted, in milliseconds since 1970 by the clock of the node that did; 0 if
 *     it is not known
 * @param bytes of its payload
 * @param after the ids of the jobs that it waits for
 * @param afterBatch the batch that it waits for; may be empty
 * @param afterAnyEnd whether it begins however those have ended
 * @param batch the batch that it belongs to; may be empty
 * @param place of those that were submitted in one commit, which are of one age: how many came before it
 * @param group the group that it belongs to; may be empty
 * @param later the terms of later versions, as they stand in the form
 */
public record JobTerms(
        String name,
        int priority,
        int maxAttempts,
        String key,
        long deadlineMillis,
        long attemptMillis,
        @Nullable Backoff backoff,
        String traceparent,
        String tracestate,
        long submittedAt,
        int bytes,
        List<String> after,
        String afterBatch,
        boolean afterAnyEnd,
        String batch,
        int place,
        String group,
        String later) {

    private static final double PERMILLE = 1_000;

    /** Terms that are not complete yet. */
    public static final class Draft {

        /** See {@link JobTerms}, as for all that follow. */
        public String name = "";

        public int priority = 5;
        public int maxAttempts = 1;
        public String key = "";
        public long deadlineMillis;
        public long attemptMillis;
        public @Nullable Backoff backoff;
        public String traceparent = "";
        public String tracestate = "";
        public long submittedAt;
        public int bytes;
        public List<String> after = List.of();
        public String afterBatch = "";
        public boolean afterAnyEnd;
        public String batch = "";
        public int place;
        public String group = "";
        private String later = "";

        /** Of no name. */
        public Draft() {}

        /** Reads a field of a form, or keeps it for a later version. */
        void read(JsonReader in) {
            switch (in.name()) {
                case "name" -> name = in.text();
                case "priority" -> priority = in.integer();
                case "maxAttempts" -> maxAttempts = in.integer();
                case "key" -> key = in.text();
                case "deadlineMillis" -> deadlineMillis = in.number();
                case "attemptMillis" -> attemptMillis = in.number();
                case "backoff" -> backoff = readBackoff(in);
                case "traceparent" -> traceparent = in.text();
                case "tracestate" -> tracestate = in.text();
                case "submittedAtMillis" -> submittedAt = in.number();
                case "payloadBytes" -> bytes = in.integer();
                case "after" -> after = in.texts();
                case "afterBatch" -> afterBatch = in.text();
                case "afterAnyEnd" -> afterAnyEnd = in.flag();
                case "batch" -> batch = in.text();
                case "place" -> place = in.integer();
                case "group" -> group = in.text();
                default -> in.keep();
            }
        }

        /** Takes the fields that were kept. */
        Draft end(JsonReader in) {
            later = in.kept();
            return this;
        }

        /** The terms. */
        public JobTerms terms() {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a job has a name");
            }
            return new JobTerms(name, priority, maxAttempts, key, deadlineMillis, attemptMillis, backoff, traceparent,
                    tracestate, submittedAt, bytes, after, afterBatch, afterAnyEnd, batch, place, group, later);
        }
    }

    /** The same, submitted at another time with another key. */
    public JobTerms submitted(String key, long submittedAt) {
        return new JobTerms(name, priority, maxAttempts, key, deadlineMillis, attemptMillis, backoff, traceparent,
                tracestate,
                submittedAt, bytes, after, afterBatch, afterAnyEnd, batch, place, group, later);
    }

    /** The same as one of several of a commit, with the ids as they are known there. */
    public JobTerms placed(int place, List<String> after) {
        return new JobTerms(name, priority, maxAttempts, key, deadlineMillis, attemptMillis, backoff, traceparent,
                tracestate,
                submittedAt, bytes, after, afterBatch, afterAnyEnd, batch, place, group, later);
    }

    /** Whether it waits for others. */
    public boolean awaits() {
        return !after.isEmpty() || !afterBatch.isEmpty();
    }

    /** The trace in which it was submitted. */
    public Optional<TraceContext> trace() {
        return traceparent.isEmpty() ? Optional.empty() : TraceContext.parse(traceparent, tracestate);
    }

    /** Writes its fields into a form. */
    JsonWriter write(JsonWriter out) {
        out.text("name", name)
                .anyNumber("priority", priority)
                .number("maxAttempts", maxAttempts)
                .text("key", key)
                .number("deadlineMillis", deadlineMillis)
                .number("attemptMillis", attemptMillis);
        if (backoff != null) {
            out.open("backoff")
                    .number("firstMillis", backoff.first().toMillis())
                    .number("maxMillis", backoff.max().toMillis())
                    .number("jitterPermille", Math.round(backoff.jitter() * PERMILLE))
                    .close();
        }
        return out.text("traceparent", traceparent)
                .text("tracestate", tracestate)
                .number("submittedAtMillis", submittedAt)
                .number("payloadBytes", bytes)
                .texts("after", after)
                .text("afterBatch", afterBatch)
                .flag("afterAnyEnd", afterAnyEnd)
                .text("batch", batch)
                .number("place", place)
                .text("group", group)
                .kept(later);
    }

    private static Backoff readBackoff(JsonReader in) {
        long first = 0;
        long max = 0;
        long jitter = 0;
        in.open();
        while (in.next()) {
            switch (in.name()) {
                case "firstMillis" -> first = in.number();
                case "maxMillis" -> max = in.number();
                case "jitterPermille" -> jitter = in.number();
                default -> in.skip();
            }
        }
        return new Backoff(Duration.ofMillis(first), Duration.ofMillis(max), jitter / PERMILLE);
    }
}
