package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Forms;
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
 * @param cancelling whether it was cancelled while it ran
 * @param dead whether it is a dead letter
 * @param error of the last attempt, cut to {@value #MAX_ERROR} characters; may be empty
 * @param readyAt for people: when it was or will be ready, in milliseconds since 1970 by the clock of a node; 0 if it is
 *     not known
 * @param blocked whether those that it waits for have not ended yet
 */
public record OpenJob(
        JobTerms terms,
        int attempts,
        int returned,
        long delayMillis,
        boolean cancelling,
        boolean dead,
        String error,
        long readyAt,
        boolean blocked) {

    /** Characters of an error that are kept. */
    static final int MAX_ERROR = 1_000;

    /** How long one may be delayed, so that all clocks can reckon with it. */
    private static final Duration MAX_DELAY = Duration.ofDays(10 * 366);

    /** Bounds the delay and the error, which come from a store, or from users. */
    public OpenJob {
        delayMillis = Math.clamp(delayMillis, 0, MAX_DELAY.toMillis());
        error = Forms.cut(error, MAX_ERROR);
    }

    /** A job that was not begun yet. */
    public static OpenJob of(JobTerms terms, long delayMillis) {
        return new OpenJob(terms, 0, 0, delayMillis, false, false, "", terms.submittedAt() + delayMillis,
                terms.awaits());
    }

    /** The same, begun once more. */
    public OpenJob begun() {
        return new OpenJob(terms, attempts + 1, returned, 0, cancelling, dead, error, readyAt, blocked);
    }

    /** The same, given back. */
    public OpenJob givenBack() {
        return new OpenJob(terms, attempts, returned + 1, 0, cancelling, dead, error, readyAt, blocked);
    }

    /** The same, after a failure. */
    public OpenJob failed(String why, long delayMillis, long now) {
        return new OpenJob(terms, attempts, returned, delayMillis, cancelling, dead, why, now + delayMillis, blocked);
    }

    /** The same, ready later: of the delay so much is left. */
    public OpenJob delayed(long delayMillis) {
        return new OpenJob(terms, attempts, returned, delayMillis, cancelling, dead, error, readyAt, blocked);
    }

    /** The same, since those that it waits for have ended: its delay begins. */
    public OpenJob released(long now) {
        return new OpenJob(terms, attempts, returned, delayMillis, cancelling, dead, error, now + delayMillis, false);
    }

    /** The same, asked to end. */
    public OpenJob cancelled() {
        return new OpenJob(terms, attempts, returned, delayMillis, true, dead, error, readyAt, blocked);
    }

    /** The same as a dead letter. */
    public OpenJob buried(String why) {
        return new OpenJob(terms, attempts, returned, 0, cancelling, true, why, readyAt, blocked);
    }

    /** The dead letter with all of its attempts before it again. */
    public OpenJob revived(long now) {
        return new OpenJob(terms, attempts, attempts, 0, false, false, error, now, blocked);
    }

    /**
     * Its end.
     *
     * @param begunAt when its last attempt began; 0 if there was none, or it is not known
     * @param resultBytes what its result takes
     */
    public EndedJob ended(EndedJob.Kind kind, String why, long begunAt, long now, int resultBytes) {
        return new EndedJob(kind, attempts, why, name(), terms.submittedAt(), begunAt, now, resultBytes, terms.batch());
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
        return terms.write(new JsonWriter())
                .number("attempts", attempts)
                .number("returned", returned)
                .number("delayMillis", delayMillis)
                .flag("cancelling", cancelling)
                .flag("dead", dead)
                .text("error", error)
                .number("readyAtMillis", readyAt)
                .flag("blocked", blocked)
                .end();
    }

    /** What a form says. */
    public static Optional<OpenJob> decode(Bytes form) {
        return JsonReader.read(form, OpenJob::read);
    }

    /** How many bytes its payload takes, by its form; 0 if that cannot be read. */
    public static int bytesOf(Bytes form) {
        return JsonReader.<Integer>read(form, in -> {
            int bytes = 0;
            while (in.next()) {
                if (in.name().equals("payloadBytes")) {
                    bytes = in.integer();
                } else {
                    in.skip();
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
        boolean cancelling = false;
        boolean dead = false;
        String error = "";
        long readyAt = 0;
        boolean blocked = false;
        while (in.next()) {
            switch (in.name()) {
                case "attempts" -> attempts = in.integer();
                case "returned" -> returned = in.integer();
                case "delayMillis" -> delayMillis = in.number();
                case "cancelling" -> cancelling = in.flag();
                case "dead" -> dead = in.flag();
                case "error" -> error = in.text();
                case "readyAtMillis" -> readyAt = in.number();
                case "blocked" -> blocked = in.flag();
                default -> terms.read(in);
            }
        }
        return new OpenJob(terms.terms(in), attempts, returned, delayMillis, cancelling, dead, error, readyAt, blocked);
    }
}
