package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.store.Bytes;
import java.util.Optional;

/**
 * The end of a job.
 *
 * @param attempts how often it was begun
 * @param error of a dead letter, cut to {@value OpenJob#MAX_ERROR} characters
 * @param name of the handler; empty if it is not known
 * @param submittedAt for people, as those that follow: when it was submitted, see {@link OpenJob}
 * @param begunAt when its last attempt began
 * @param endedAt when it ended
 * @param bytes of its result
 */
public record EndedJob(
        Kind kind, int attempts, String error, String name, long submittedAt, long begunAt, long endedAt, int bytes) {

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
            out.writeUTF(name);
            out.writeLong(submittedAt);
            out.writeLong(begunAt);
            out.writeLong(endedAt);
            out.writeInt(bytes);
        });
    }

    /** What a form says. */
    public static Optional<EndedJob> decode(Bytes form) {
        return Forms.read(form, in -> new EndedJob(
                Kind.valueOf(in.readUTF()), in.readInt(), in.readUTF(), Forms.laterText(in), Forms.laterLong(in),
                Forms.laterLong(in), Forms.laterLong(in), Forms.laterInt(in)));
    }
}
