package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;

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
 * @param submittedAt for people: when it was submitted, in milliseconds since 1970 by the clock of the node that did; 0 if
 *     it is not known
 * @param bytes of its payload
 * @param later the terms of later versions, as they stand in the form
 */
public record JobTerms(
        String name, int priority, int maxAttempts, String key, long submittedAt, int bytes, String later) {

    /** Terms that are not complete yet. */
    public static final class Draft {

        /** See {@link JobTerms}, as for all that follow. */
        public String name = "";

        public int priority = 5;
        public int maxAttempts = 1;
        public String key = "";
        public long submittedAt;
        public int bytes;

        /** Of no name. */
        public Draft() {}

        /** Reads a field of a form, or keeps it for a later version. */
        void read(JsonReader in) {
            switch (in.name()) {
                case "name" -> name = in.text();
                case "priority" -> priority = in.integer();
                case "maxAttempts" -> maxAttempts = in.integer();
                case "key" -> key = in.text();
                case "submittedAtMillis" -> submittedAt = in.number();
                case "payloadBytes" -> bytes = in.integer();
                default -> in.keep();
            }
        }

        /** The terms of a form that was read. */
        JobTerms terms(JsonReader in) {
            return terms(in.kept());
        }

        /** The terms. */
        public JobTerms terms() {
            return terms("");
        }

        private JobTerms terms(String later) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a job has a name");
            }
            return new JobTerms(name, priority, maxAttempts, key, submittedAt, bytes, later);
        }
    }

    /** The same, submitted at another time with another key. */
    public JobTerms submitted(String key, long submittedAt) {
        return new JobTerms(name, priority, maxAttempts, key, submittedAt, bytes, later);
    }

    /** Writes its fields into a form. */
    JsonWriter write(JsonWriter out) {
        return out.text("name", name)
                .anyNumber("priority", priority)
                .number("maxAttempts", maxAttempts)
                .text("key", key)
                .number("submittedAtMillis", submittedAt)
                .number("payloadBytes", bytes)
                .kept(later);
    }
}
