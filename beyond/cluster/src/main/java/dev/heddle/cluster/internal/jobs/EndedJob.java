package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.store.Bytes;
import java.util.Locale;
import java.util.Optional;

/**
 * The end of a job.
 *
 * @param attempts how often it was begun
 * @param failure of a dead letter, without its stack; otherwise none
 * @param name of the handler; empty if it is not known
 * @param submittedAt for people, as those that follow: when it was submitted, see {@link OpenJob}
 * @param readyAt when it was ready for its last attempt
 * @param begunAt when its last attempt began
 * @param endedAt when it ended
 * @param bytes of its result
 * @param key the unique key that it had; may be empty
 * @param batch the batch that it belonged to; may be empty
 * @param reason why it was cancelled, if nobody has done it; otherwise empty
 */
public record EndedJob(
        Kind kind, int attempts, FailedAttempt failure, String name, long submittedAt, long readyAt, long begunAt,
        long endedAt, int bytes, String key, String batch, String reason) {

    /** The ends. */
    public enum Kind {
        /** Its result is recorded. */
        DONE,
        /** Somebody cancelled it. */
        CANCELLED,
        /** It failed too often. */
        DEAD
    }

    /** The same, for a reason. */
    public EndedJob because(String reason) {
        return new EndedJob(kind, attempts, failure, name, submittedAt, readyAt, begunAt, endedAt, bytes, key, batch,
                reason);
    }

    /** Its form. */
    public Bytes encode() {
        JsonWriter out = new JsonWriter()
                .text("status", kind.name().toLowerCase(Locale.ROOT))
                .text("name", name)
                .number("attempts", attempts);
        return failure.write(out)
                .number("submittedAtMillis", submittedAt)
                .number("readyAtMillis", readyAt)
                .number("begunAtMillis", begunAt)
                .number("endedAtMillis", endedAt)
                .number("resultBytes", bytes)
                .text("key", key)
                .text("batch", batch)
                .text("reason", reason)
                .end();
    }

    /** What a form says. */
    public static Optional<EndedJob> decode(Bytes form) {
        return JsonReader.read(form, EndedJob::read);
    }

    private static EndedJob read(JsonReader in) {
        String kind = "";
        int attempts = 0;
        FailedAttempt failure = FailedAttempt.NONE;
        String name = "";
        long submittedAt = 0;
        long readyAt = 0;
        long begunAt = 0;
        long endedAt = 0;
        int bytes = 0;
        String key = "";
        String batch = "";
        String reason = "";
        while (in.next()) {
            switch (in.name()) {
                case "status" -> kind = in.text();
                case "name" -> name = in.text();
                case "attempts" -> attempts = in.integer();
                case "failure" -> failure = FailedAttempt.read(in);
                case "submittedAtMillis" -> submittedAt = in.number();
                case "key" -> key = in.text();
                case "readyAtMillis" -> readyAt = in.number();
                case "begunAtMillis" -> begunAt = in.number();
                case "endedAtMillis" -> endedAt = in.number();
                case "resultBytes" -> bytes = in.integer();
                case "batch" -> batch = in.text();
                case "reason" -> reason = in.text();
                default -> in.skip();
            }
        }
        return new EndedJob(Kind.valueOf(kind.toUpperCase(Locale.ROOT)), attempts, failure, name, submittedAt, readyAt,
                begunAt, endedAt, bytes, key, batch, reason);
    }
}
