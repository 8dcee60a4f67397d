package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.store.Bytes;
import java.time.Duration;
import java.util.Optional;

/**
 * A job that has not ended.
 *
 * @param name chooses the handler
 * @param attempts how often it was begun
 * @param returned how many of those were given back by a node that closed in order
 * @param maxAttempts after how many others it is a dead letter
 * @param delayMillis how long after this form was written it is ready at the earliest
 * @param key its unique key; may be empty
 * @param cancelling whether it was cancelled while it ran
 * @param dead whether it is a dead letter
 * @param error of the last attempt, cut to {@value #MAX_ERROR} characters; may be empty
 * @param submittedAt for people: when it was submitted, in milliseconds since 1970 by the clock of the node that did; 0 if
 *     it is not known
 * @param readyAt for people: when it was or will be ready, as {@code submittedAt}
 * @param bytes of its payload
 */
public record OpenJob(
        String name,
        int priority,
        int attempts,
        int returned,
        int maxAttempts,
        long delayMillis,
        String key,
        boolean cancelling,
        boolean dead,
        String error,
        long submittedAt,
        long readyAt,
        int bytes) {

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
    public static OpenJob of(
            String name, int priority, int maxAttempts, long delayMillis, String key, long now, int bytes) {
        return new OpenJob(
                name, priority, 0, 0, maxAttempts, delayMillis, key, false, false, "", now, now + delayMillis, bytes);
    }

    /** The same, begun once more. */
    public OpenJob begun() {
        return with(attempts + 1, returned, 0, cancelling, dead, error, readyAt);
    }

    /** The same, given back. */
    public OpenJob givenBack() {
        return with(attempts, returned + 1, 0, cancelling, dead, error, readyAt);
    }

    /** The same, after a failure. */
    public OpenJob failed(String why, long delayMillis, long now) {
        return with(attempts, returned, delayMillis, cancelling, dead, why, now + delayMillis);
    }

    /** The same, ready later: of the delay so much is left. */
    public OpenJob delayed(long delayMillis) {
        return with(attempts, returned, delayMillis, cancelling, dead, error, readyAt);
    }

    /** The same, asked to end. */
    public OpenJob cancelled() {
        return with(attempts, returned, delayMillis, true, dead, error, readyAt);
    }

    /** The same as a dead letter. */
    public OpenJob buried(String why) {
        return with(attempts, returned, 0, cancelling, true, why, readyAt);
    }

    /** The dead letter with all of its attempts before it again. */
    public OpenJob revived(long now) {
        return with(attempts, attempts, 0, false, false, error, now);
    }

    private OpenJob with(
            int attempts, int returned, long delayMillis, boolean cancelling, boolean dead, String error,
            long readyAt) {
        return new OpenJob(name, priority, attempts, returned, maxAttempts, delayMillis, key, cancelling, dead, error,
                submittedAt, readyAt, bytes);
    }

    /**
     * Its end.
     *
     * @param begunAt when its last attempt began; 0 if there was none, or it is not known
     * @param resultBytes what its result takes
     */
    public EndedJob ended(EndedJob.Kind kind, String why, long begunAt, long now, int resultBytes) {
        return new EndedJob(kind, attempts, why, name, submittedAt, begunAt, now, resultBytes);
    }

    /** How many attempts failed, or were lost with their nodes. */
    public int failures() {
        return attempts - returned;
    }

    /** Whether no attempt is left. */
    public boolean isSpent() {
        return failures() >= maxAttempts;
    }

    /** Its form. */
    public Bytes encode() {
        return Forms.write(out -> {
            out.writeUTF(name);
            out.writeByte(priority);
            out.writeInt(attempts);
            out.writeInt(returned);
            out.writeInt(maxAttempts);
            out.writeLong(delayMillis);
            out.writeUTF(key);
            out.writeBoolean(cancelling);
            out.writeBoolean(dead);
            out.writeUTF(error);
            out.writeLong(submittedAt);
            out.writeLong(readyAt);
            out.writeInt(bytes);
        });
    }

    /** What a form says. */
    public static Optional<OpenJob> decode(Bytes form) {
        return Forms.read(
                form,
                in -> new OpenJob(
                        in.readUTF(),
                        in.readByte(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readLong(),
                        in.readUTF(),
                        in.readBoolean(),
                        in.readBoolean(),
                        in.readUTF(),
                        Forms.laterLong(in),
                        Forms.laterLong(in),
                        Forms.laterInt(in)));
    }
}
