package dev.heddle.cluster.internal;

import dev.heddle.cluster.store.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Values of entries as fields one after another, behind the version of their form. Later versions add fields at the
 * end, so that earlier nodes read what they know.
 */
public final class Forms {

    private static final int VERSION = 1;

    private Forms() {}

    /** Writes the fields. */
    @FunctionalInterface
    public interface Writer {

        /** Writes them. */
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads the fields. */
    @FunctionalInterface
    public interface Reader<T> {

        /** Reads them. */
        T read(DataInputStream in) throws IOException;
    }

    /** The value that has the fields. */
    public static Bytes write(Writer fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            fields.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bytes.of(bytes.toByteArray());
    }

    /** What the fields say; empty if the value is of no such form. */
    public static <T> Optional<T> read(Bytes value, Reader<? extends T> fields) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value.toArray()))) {
            in.readByte();
            return Optional.of(fields.read(in));
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Writes bytes with their number. */
    public static void writeBytes(DataOutputStream out, Bytes bytes) throws IOException {
        out.writeInt(bytes.length());
        out.write(bytes.toArray());
    }

    /** Reads bytes with their number. */
    public static Bytes readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new IOException("the value ends too early");
        }
        return Bytes.of(bytes);
    }
}
