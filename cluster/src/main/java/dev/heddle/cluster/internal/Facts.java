package dev.heddle.cluster.internal;

import dev.heddle.cluster.store.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** What a node says of itself in its member entry: the version of the form, labels. */
public final class Facts {

    /** The version of the form. Later ones add behind it, so that this one reads what it knows. */
    private static final int VERSION = 1;

    private Facts() {}

    /** The form of labels. */
    public static Bytes encode(Map<String, String> labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(VERSION);
            out.writeShort(labels.size());
            for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
                out.writeUTF(label.getKey());
                out.writeUTF(label.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bytes.of(bytes.toByteArray());
    }

    /** The labels; none if it is no such form. */
    public static Map<String, String> decode(Bytes bytes) {
        Map<String, String> labels = new TreeMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toArray()))) {
            in.readInt();
            for (int left = in.readShort(); left > 0; left--) {
                labels.put(in.readUTF(), in.readUTF());
            }
            return labels;
        } catch (IOException _) {
            return Map.of();
        }
    }
}
