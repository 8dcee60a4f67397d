package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.store.Bytes;
import java.util.Optional;

/**
 * The end of a job.
 *
 * @param attempts how often it was begun
 * @param error of a dead letter, cut to {@value OpenJob#MAX_ERROR} characters
 */
public record EndedJob(Kind kind, int attempts, String error) {

    /** Cuts the error. */
    public EndedJob {
        error = Forms.cut(error, OpenJob.MAX_ERROR);
    }

    /** The ends. */
    public enum Kind {
        /** Its result is recorded. */
        DONE,
        /** Somebody cancelled it. */
        CANCELLED,
        /** It failed too often. */
        DEAD
    }

    /** Its form. */
    public Bytes encode() {
        return Forms.write(out -> {
            out.writeUTF(kind.name());
            out.writeInt(attempts);
            out.writeUTF(error);
        });
    }

    /** What a form says. */
    public static Optional<EndedJob> decode(Bytes form) {
        return Forms.read(form, in -> new EndedJob(Kind.valueOf(in.readUTF()), in.readInt(), in.readUTF()));
    }
}
