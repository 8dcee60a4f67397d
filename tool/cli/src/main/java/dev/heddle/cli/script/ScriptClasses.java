package dev.heddle.cli.script;

import dev.heddle.internal.Hash;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The classes that the compiler made of a script.
 *
 * <p>As bytes: a mark, the counted parts, and their SHA-256, so that a cut or changed file is known for one.
 *
 * @param main the name of the class to start: the first in the file
 * @param sources the other source files that went into it, with the hash of each
 * @param classes the bytes of each class, by its name
 */
record ScriptClasses(String main, Map<String, String> sources, Map<String, byte[]> classes) {

    /** Of the SHA-256 at the end. */
    private static final int HASH_BYTES = 32;

    private static final int MARK = 0x48445331;

    byte[] encode() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(MARK);
        out.writeUTF(main);
        out.writeInt(sources.size());
        for (Map.Entry<String, String> each : new TreeMap<>(sources).entrySet()) {
            out.writeUTF(each.getKey());
            out.writeUTF(each.getValue());
        }
        out.writeInt(classes.size());
        for (Map.Entry<String, byte[]> each : new TreeMap<>(classes).entrySet()) {
            out.writeUTF(each.getKey());
            out.writeInt(each.getValue().length);
            out.write(each.getValue());
        }
        out.write(Hash.sha256(bytes.toByteArray()));
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #encode} has written.
     *
     * @throws IOException if it is something else
     */
    static ScriptClasses decode(byte[] bytes) throws IOException {
        int end = bytes.length - HASH_BYTES;
        if (end < Integer.BYTES
                || !Arrays.equals(Hash.sha256(Arrays.copyOf(bytes, end)),
                        Arrays.copyOfRange(bytes, end, bytes.length))) {
            throw new IOException("the file is not whole");
        }
        var in = new DataInputStream(new ByteArrayInputStream(bytes, 0, end));
        if (in.readInt() != MARK) {
            throw new IOException("the file is of another version");
        }
        String main = in.readUTF();
        Map<String, String> sources = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            sources.put(in.readUTF(), in.readUTF());
        }
        Map<String, byte[]> classes = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            classes.put(in.readUTF(), in.readNBytes(in.readInt()));
        }
        return new ScriptClasses(main, sources, classes);
    }
}
