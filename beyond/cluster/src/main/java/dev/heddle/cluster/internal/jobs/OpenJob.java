package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.store.Bytes;
import java.time.Duration;
import java.util.Optional;

/**
 * A job that has not ended.
 *
 * @param terms what was asked for
 * @param attempts how often it was begun
 * @param returned how many of those were given back by a node that closed in order
 * @param delayMillis how long after this form was written it is ready at the earliest
 * @param leftMillis how much of its deadline was left when this form was written; counts only if it has one
 * @param cancelling whether it was cancelled while it ran
 * @param dead whether it is a dead letter
 * @param failure of the last attempt that failed, without its stack
 * @param stackBytes of the entry with the stack; 0 if there is none
 * @param readyAt for people: when it was or will be ready, in milliseconds since 1970 by the clock of a node; 0 if it is
 *     not known, or others must end first
 * @param blocked whether those that it waits for have not ended yet
 */
public record OpenJob(
        JobTerms terms,
        int attempts,
        int returned,
        long delayMillis,
        long leftMillis,
        boolean cancelling,
        boolean dead,
        FailedAttempt failure,
        int stackBytes,
        long readyAt,
        boolean blocked) {

    /** How long one may be delayed, so that all clocks can reckon with it. */
    private static final long MAX_MILLIS = Duration.ofDays(10 * 366).toMillis();

    /** Bounds the times, which come from a store. */
    public OpenJob {
        delayMillis = Math.clamp(delayMillis, 0, MAX_MILLIS);
        leftMillis = Math.clamp(leftMillis, 0, MAX_MILLIS);
    }

    /** A job that was not begun yet. */
    public static OpenJob of(JobTerms terms, long delayMillis) {
        return new OpenJob(terms, 0, 0, delayMillis, terms.deadlineMillis(), false, false, FailedAttempt.NONE, 0,
                terms.awaits() ? 0 : terms.submittedAt() + delayMillis, terms.awaits());
    }

    /** The same, begun once more. */
    public OpenJob begun() {
        return with(attempts + 1, returned, 0, cancelling);
    }

    /** The same, given back. */
    public OpenJob givenBack() {
        return with(attempts, returned + 1, 0, cancelling);
    }

    /**
     * The same, after a failure.
     *
     * @param stackBytes of the entry with its stack
     */
    public OpenJob failed(FailedAttempt failure, int stackBytes, long delayMillis, long now) {
        return new OpenJob(terms, attempts, returned, delayMillis, leftMillis, cancelling, dead, failure.withoutStack(),
                stackBytes, now + delayMillis, blocked);
    }

    /** The same, with so much left of its delay and its deadline. */
    public OpenJob left(long delayMillis, long leftMillis) {
        return new OpenJob(terms, attempts, returned, delayMillis, leftMillis, cancelling, dead, failure, stackBytes,
                readyAt, blocked);
    }

    /** The same, since those that it waits for have ended: its delay begins. */
    public OpenJob released(long now) {
        return new OpenJob(terms, attempts, returned, delayMillis, leftMillis, cancelling, dead, failure, stackBytes,
                now + delayMillis, false);
    }

    /** The same, asked to end. */
    public OpenJob cancelled() {
        return with(attempts, returned, delayMillis, true);
    }

    /**
     * The same as a dead letter.
     *
     * @param stackBytes of the entry with its stack
     */
    public OpenJob buried(FailedAttempt failure, int stackBytes) {
        return new OpenJob(terms, attempts, returned, 0, 0, cancelling, true, failure.withoutStack(), stackBytes,
                readyAt,
                blocked);
    }

    /** The dead letter with all of its attempts, and all of its time, before it again. */
    public OpenJob revived(long now) {
        return new OpenJob(terms, attempts, attempts, 0, terms.deadlineMillis(), false, false, failure, stackBytes, now,
                blocked);
    }

    /** The same, ready now. */
    public OpenJob due(long now) {
        return new OpenJob(terms, attempts, returned, 0, leftMillis, cancelling, dead, failure, stackBytes, now,
                blocked);
    }

    private OpenJob with(int attempts, int returned, long delayMillis, boolean cancelling) {
        return new OpenJob(terms, attempts, returned, delayMillis, leftMillis, cancelling, dead, failure, stackBytes,
                readyAt, blocked);
    }

    /**
     * Its end.
     *
     * @param failure without its stack; none unless it is a dead letter
     * @param begunAt when its last attempt began; 0 if there was none, or it is not known
     * @param resultBytes what its result takes
     */
    public EndedJob ended(EndedJob.Kind kind, FailedAttempt failure, long begunAt, long now, int resultBytes) {
        return new EndedJob(
                kind, attempts, failure.withoutStack(), name(), terms.submittedAt(), readyAt, begunAt, now,
                resultBytes, key(), terms.batch(), "");
    }

    /** What chooses the handler. */
    public String name() {
        return terms.name();
    }

    /** The higher is begun first. */
    public int priority() {
        return terms.priority();
    }

    /** Its unique key; may be empty. */
    public String key() {
        return terms.key();
    }

    /** Whether it has a deadline. */
    public boolean hasDeadline() {
        return terms.deadlineMillis() > 0;
    }

    /** How many attempts failed, or were lost with their nodes. */
    public int failures() {
        return attempts - returned;
    }

    /** Whether no attempt is left. */
    public boolean isSpent() {
        return failures() >= terms.maxAttempts();
    }

    /** Its form. */
    public Bytes encode() {
        JsonWriter out = terms.write(new JsonWriter())
                .number("attempts", attempts)
                .number("returned", returned)
                .number("delayMillis", delayMillis)
                .number("leftMillis", leftMillis)
                .flag("cancelling", cancelling)
                .flag("dead", dead);
        return failure.write(out).number("stackBytes", stackBytes).number("readyAtMillis", readyAt)
                .flag("blocked", blocked).end();
    }

    /** What a form says. */
    public static Optional<OpenJob> decode(Bytes form) {
        return JsonReader.read(form, OpenJob::read);
    }

    /** How many bytes its payload and its failure take, by its form; 0 if that cannot be read. */
    public static int bytesOf(Bytes form) {
        return JsonReader.<Integer>read(form, in -> {
            int bytes = 0;
            while (in.next()) {
                switch (in.name()) {
                    case "payloadBytes", "stackBytes" -> bytes += in.integer();
                    default -> in.skip();
                }
            }
            return bytes;
        }).orElse(0);
    }

    private static OpenJob read(JsonReader in) {
        var terms = new JobTerms.Draft();
        int attempts = 0;
        int returned = 0;
        long delayMillis = 0;
        long leftMillis = 0;
        boolean cancelling = false;
        boolean dead = false;
        FailedAttempt failure = FailedAttempt.NONE;
        int stackBytes = 0;
        long readyAt = 0;
        boolean blocked = false;
        while (in.next()) {
            switch (in.name()) {
                case "attempts" -> attempts = in.integer();
                case "returned" -> returned = in.integer();
                case "delayMillis" -> delayMillis = in.number();
                case "leftMillis" -> leftMillis = in.number();
                case "cancelling" -> cancelling = in.flag();
                case "dead" -> dead = in.flag();
                case "failure" -> failure = FailedAttempt.read(in);
                case "stackBytes" -> stackBytes = in.integer();
                case "readyAtMillis" -> readyAt = in.number();
                case "blocked" -> blocked = in.flag();
                default -> terms.read(in);
            }
        }
        return new OpenJob(terms.end(in).terms(), attempts, returned, delayMillis, leftMillis, cancelling, dead,
                failure,
                stackBytes, readyAt, blocked);
    }
}
