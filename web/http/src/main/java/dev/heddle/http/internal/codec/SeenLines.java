package dev.heddle.http.internal.codec;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lines of fields that a parser has read, each with what it said: most of a program's heads repeat most lines of
 * the head before, and one that is the same, byte by byte, need not be read again.
 *
 * <p>Lines are kept in the order of the heads. One that is new takes the place of the one that stood there, and the
 * next is looked for from there on, at a few places, so that a field which comes and goes costs the others nothing.
 *
 * <p>Only fields are kept that come again and have no secret ({@link FieldName#recurs}), and in all no more than {@link
 * #MAX_LINES} of {@link #MAX_LINE_BYTES}. For one task.
 */
final class SeenLines {

    static final int MAX_LINES = 24;
    static final int MAX_LINE_BYTES = 192;

    /** How many lines are looked at for one that is the same. */
    private static final int LOOKED_AT = 4;

    /** A line up to the end of its line feed, and what it says. */
    static final class Line {
        private byte[] bytes = {};
        private int length;
        private @Nullable FieldName name;
        private String value = "";

        FieldName name() {
            return Objects.requireNonNull(name);
        }

        String value() {
            return value;
        }

        int length() {
            return length;
        }

        private boolean stands(byte[] in, int from, int end) {
            // Few lines that differ are of the same length, so most are told apart by one byte.
            return from + length <= end
                    && in[from + length - 1] == '\n'
                    && Arrays.equals(bytes, 0, length, in, from, from + length);
        }

        private void set(FieldName known, String said, byte[] in, int from, int to) {
            length = to - from;
            if (bytes.length < length) {
                bytes = new byte[length];
            }
            System.arraycopy(in, from, bytes, 0, length);
            name = known;
            value = said;
        }
    }

    private final @Nullable Line[] lines = new Line[MAX_LINES];
    private int count;

    /** The place of the next line. */
    private int next;

    /** Another head begins. */
    void begin() {
        next = 0;
    }

    /** The line that stands here, whole, if it was seen before; null if it is another. */
    @Nullable Line find(byte[] in, int from, int end) {
        int last = Math.min(count, next + LOOKED_AT);
        for (int i = next; i < last; i++) {
            Line line = at(i);
            if (line.stands(in, from, end)) {
                next = i + 1;
                return line;
            }
        }
        return null;
    }

    /** Keeps a line that was read, if it is one of those that are kept; from its first byte to behind its line feed. */
    void keep(@Nullable FieldName name, String value, byte[] in, int from, int to) {
        if (name == null || !name.recurs() || to - from > MAX_LINE_BYTES || next == MAX_LINES) {
            return;
        }
        if (next == count) {
            lines[count++] = new Line();
        }
        at(next++).set(name, value, in, from, to);
    }

    private Line at(int place) {
        return Objects.requireNonNull(lines[place]);
    }
}
