package dev.heddle.cluster.internal;

import dev.heddle.cluster.store.Bytes;
import java.util.Map;
import java.util.TreeMap;

/** What a node says of itself in its member entry: labels. */
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

    /** The labels; none if it is no such form. */
    public static Map<String, String> decode(Bytes form) {
        return Forms.<Map<String, String>>read(form, in -> {
            Map<String, String> labels = new TreeMap<>();
            for (int left = in.readShort(); left > 0; left--) {
                labels.put(in.readUTF(), in.readUTF());
            }
            return labels;
        })
                .orElse(Map.of());
    }
}
