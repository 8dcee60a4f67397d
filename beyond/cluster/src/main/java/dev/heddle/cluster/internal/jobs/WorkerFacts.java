package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.store.Bytes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The handlers of a node.
 *
 * @param node the name of the node
 * @param limits how many jobs at a time, by the name of the handler
 */
public record WorkerFacts(String node, Map<String, Integer> limits) {

    /** Copies the limits. */
    public WorkerFacts {
        limits = Map.copyOf(limits);
    }

    /** Its form. */
    public Bytes encode() {
        return Forms.write(out -> {
            out.writeUTF(node);
            out.writeInt(limits.size());
            for (Map.Entry<String, Integer> limit : new TreeMap<>(limits).entrySet()) {
                out.writeUTF(limit.getKey());
                out.writeInt(limit.getValue());
            }
        });
    }

    /** What a form says. */
    public static Optional<WorkerFacts> decode(Bytes form) {
        return Forms.read(form, in -> {
            String node = in.readUTF();
            Map<String, Integer> limits = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                limits.put(in.readUTF(), in.readInt());
            }
            return new WorkerFacts(node, limits);
        });
    }
}
