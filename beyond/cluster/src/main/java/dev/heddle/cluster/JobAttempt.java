package dev.heddle.cluster;

import dev.heddle.cluster.store.Bytes;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** An attempt at a job, as its handler sees it. */
public final class JobAttempt {

    private final String id;
    private final String name;
    private final Bytes payload;
    private final int attempt;
    private final Token token;
    private final List<String> after;
    private final Function<String, Bytes> results;
    private final Consumer<Bytes> progress;

    JobAttempt(String id, String name, Bytes payload, int attempt, Token token, List<String> after,
            Function<String, Bytes> results, Consumer<Bytes> progress) {
        this.id = id;
        this.name = name;
        this.payload = payload;
        this.attempt = attempt;
        this.token = token;
        this.after = after;
        this.results = results;
        this.progress = progress;
    }

    /** Its name in the queue. */
    public String id() {
        return id;
    }

    /** The name that has chosen the handler. */
    public String name() {
        return name;
    }

    /** What was submitted. */
    public Bytes payload() {
        return payload;
    }

    /** The number of this attempt: 1 for the first, one more each time that a node begins with it. */
    public int attempt() {
        return attempt;
    }

    /** The fencing token of this attempt: higher than those of the attempts before. */
    public Token token() {
        return token;
    }

    /** The ids of the jobs that it has {@linkplain JobSpec#withAfter waited} for, in the order in which they were said. */
    public List<String> after() {
        return after;
    }

    /**
     * The result of a job that it has waited for.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     *
     * @param id one of {@link #after}
     * @throws IllegalArgumentException if it is none of them
     * @throws JobFailedException if that is a dead letter, as also below only {@linkplain JobSpec#withAfterAnyEnd after any
     *     end}
     * @throws JobCancelledException if that was cancelled
     * @throws JobForgottenException if that was discarded
     */
    public Bytes resultOf(String id) {
        if (!after.contains(id)) {
            throw new IllegalArgumentException(this + " has not waited for the job " + id + ", only for " + after
                    + ": whose result may be forgotten, that must be waited for");
        }
        return results.apply(id);
    }

    /**
     * Tells how far it is, to whoever asks for its {@linkplain JobHandle#status status}. Does not wait; of several in
     * short order only the last need be seen.
     *
     * @param progress any form; at most 1 KiB
     */
    public void progress(Bytes progress) {
        if (progress.length() > 1024) {
            throw new IllegalArgumentException("a progress has at most 1024 bytes, not " + progress.length());
        }
        this.progress.accept(progress);
    }

    @Override
    public String toString() {
        return "job " + name + ' ' + id + ", attempt " + attempt;
    }
}
