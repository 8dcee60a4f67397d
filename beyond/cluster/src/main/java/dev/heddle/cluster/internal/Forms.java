package dev.heddle.cluster.internal;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
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
            return in.readByte() < VERSION ? Optional.empty() : Optional.of(fields.read(in));
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /**
     * The number that an entry is, as text.
     *
     * @throws IllegalStateException if it is none
     */
    public static long number(Entry entry) {
        return number(entry, entry.value().utf8());
    }

    /**
     * A number in an entry that is text, of fields with a space between.
     *
     * @param field from 0
     * @throws IllegalStateException if it is none
     */
    public static long number(Entry entry, int field) {
        String[] fields = entry.value().utf8().split(" ", -1);
        return number(entry, field < fields.length ? fields[field] : "");
    }

    private static long number(Entry entry, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw unreadable(entry);
        }
    }

    /** What is thrown where an entry that cannot be read is not one of many, which could be passed over. */
    public static IllegalStateException unreadable(Entry entry) {
        return new UnreadableEntryException(entry.key());
    }

    /**
     * A text that fits: one that is longer ends in how long it was, and no character is cut in half.
     *
     * @param max chars of the result, at least 40
     */
    public static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        String end = "... (of " + text.length() + " characters)";
        int length = max - end.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length) + end;
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
