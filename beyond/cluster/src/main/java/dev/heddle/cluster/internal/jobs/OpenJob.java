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
        String error) {

    /** Characters of an error that are kept. */
    static final int MAX_ERROR = 500;

    /** How long one may be delayed, so that all clocks can reckon with it. */
    private static final Duration MAX_DELAY = Duration.ofDays(10 * 366);

    /** Bounds the delay and the error, which come from a store, or from users. */
    public OpenJob {
        delayMillis = Math.clamp(delayMillis, 0, MAX_DELAY.toMillis());
        error = Forms.cut(error, MAX_ERROR);
    }

    /** A job that was not begun yet. */
    public static OpenJob of(String name, int priority, int maxAttempts, long delayMillis, String key) {
        return new OpenJob(name, priority, 0, 0, maxAttempts, delayMillis, key, false, false, "");
    }

    /** The same, begun once more. */
    public OpenJob begun() {
        return new OpenJob(name, priority, attempts + 1, returned, maxAttempts, 0, key, cancelling, dead, error);
    }

    /** The same, given back. */
    public OpenJob givenBack() {
        return new OpenJob(name, priority, attempts, returned + 1, maxAttempts, 0, key, cancelling, dead, error);
    }

    /** The same, after a failure. */
    public OpenJob failed(String why, long delayMillis) {
        return new OpenJob(
                name, priority, attempts, returned, maxAttempts, delayMillis, key, cancelling, dead, why);
    }

    /** The same, ready later. */
    public OpenJob delayed(long delayMillis) {
        return new OpenJob(
                name, priority, attempts, returned, maxAttempts, delayMillis, key, cancelling, dead, error);
    }

    /** The same, asked to end. */
    public OpenJob cancelled() {
        return new OpenJob(name, priority, attempts, returned, maxAttempts, delayMillis, key, true, dead, error);
    }

    /** The same as a dead letter. */
    public OpenJob buried(String why) {
        return new OpenJob(name, priority, attempts, returned, maxAttempts, 0, key, cancelling, true, why);
    }

    /** The dead letter with all of its attempts before it again. */
    public OpenJob revived() {
        return new OpenJob(name, priority, attempts, attempts, maxAttempts, 0, key, false, false, error);
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
                        in.readUTF()));
    }
}
