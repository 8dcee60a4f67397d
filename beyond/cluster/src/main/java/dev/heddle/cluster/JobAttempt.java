package dev.heddle.cluster;

import dev.heddle.cluster.internal.jobs.JobTerms;
import dev.heddle.cluster.store.Bytes;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** An attempt at a job, as its handler sees it. */
public final class JobAttempt {

    private final String queue;
    private final String id;
    private final JobTerms terms;
    private final Bytes payload;
    private final int attempt;
    private final Token token;
    private final Function<String, Bytes> results;
    private final Consumer<Bytes> progress;

    JobAttempt(String queue, String id, JobTerms terms, Bytes payload, int attempt, Token token,
            Function<String, Bytes> results, Consumer<Bytes> progress) {
        this.queue = queue;
        this.id = id;
        this.terms = terms;
        this.payload = payload;
        this.attempt = attempt;
        this.token = token;
        this.results = results;
        this.progress = progress;
    }

    /** The name of its queue. */
    public String queue() {
        return queue;
    }

    /** Its name in the queue. */
    public String id() {
        return id;
    }

    /** The name that has chosen the handler. */
    public String name() {
        return terms.name();
    }

    /** The {@linkplain JobSpec#withGroup group} that it belongs to; empty for none. */
    public String group() {
        return terms.group();
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
        return terms.after();
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
        if (!terms.after().contains(id)) {
            throw new IllegalArgumentException(this + " has not waited for the job " + id + ", only for " + after()
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
        return "job " + name() + ' ' + id + ", attempt " + attempt;
    }
}
