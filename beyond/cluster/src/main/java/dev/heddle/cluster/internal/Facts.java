package dev.heddle.cluster.internal;

import dev.heddle.cluster.store.Bytes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The facts that a node says of itself in its member entry: labels. */
public final class Facts {

    private Facts() {}

    /** The form of labels. */
    public static Bytes encode(Map<String, String> labels) {
        return Forms.write(out -> {
            out.writeShort(labels.size());
            for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
                out.writeUTF(label.getKey());
                out.writeUTF(label.getValue());
            }
        });
    }

    /** The labels; empty if it is no such form. */
    public static Optional<Map<String, String>> decode(Bytes form) {
        return Forms.read(form, in -> {
            Map<String, String> labels = new TreeMap<>();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                labels.put(in.readUTF(), in.readUTF());
            }
            return labels;
        });
    }
}
