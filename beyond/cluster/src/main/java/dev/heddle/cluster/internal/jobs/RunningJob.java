package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.store.Bytes;
import java.util.Optional;

/**
 * The node that runs a job.
 *
 * @param worker the entry of the worker
 * @param node the name of its node
 * @param name of the handler
 * @param progress what the handler has said last; empty at first
 * @param begunAt for people: when it began, in milliseconds since 1970 by the clock of the node
 */
public record RunningJob(String worker, String node, String name, Bytes progress, long begunAt) {

    /** Its form. */
    public Bytes encode() {
        return Forms.write(out -> {
            out.writeUTF(worker);
            out.writeUTF(node);
            out.writeUTF(name);
            Forms.writeBytes(out, progress);
            out.writeLong(begunAt);
        });
    }

    /** What a form says. */
    public static Optional<RunningJob> decode(Bytes form) {
        return Forms.read(
                form, in -> new RunningJob(in.readUTF(), in.readUTF(), in.readUTF(), Forms.readBytes(in),
                        Forms.laterLong(in)));
    }
}
