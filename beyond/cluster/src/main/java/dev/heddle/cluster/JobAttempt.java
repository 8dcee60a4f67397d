package dev.heddle.cluster;

import dev.heddle.cluster.store.Bytes;
import java.util.function.Consumer;

/** An attempt at a job, as its handler sees it. */
public final class JobAttempt {

    private final String queue;
    private final String id;
    private final String name;
    private final Bytes payload;
    private final int attempt;
    private final Token token;
    private final Consumer<Bytes> progress;

    JobAttempt(
            String queue, String id, String name, Bytes payload, int attempt, Token token, Consumer<Bytes> progress) {
        this.queue = queue;
        this.id = id;
        this.name = name;
        this.payload = payload;
        this.attempt = attempt;
        this.token = token;
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
