package dev.heddle.http.internal.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The last value of each field that says the same in one message after the other, such as Server and User-Agent: what
 * comes again is not made again. {@link FieldName#recurs} has the say which these are; no secret is among them.
 *
 * <p>Threads: those of one parser, one after the other.
 */
public final class RecentValues {

    /** What is longer is made anew each time; most browsers name themselves in less. */
    public static final int MAX_BYTES = 128;

    private static final int USUAL_BYTES = 32;

    private final @Nullable Recent[] recent = new Recent[FieldName.RECURRING];

    /**
     * The text of a value, as it was when it came last; null if another came last.
     *
     * @param name one that recurs
     */
    public @Nullable String find(FieldName name, byte[] read, int from, int to) {
        Recent last = recent[name.place()];
        return last != null && Arrays.equals(last.bytes, 0, last.length, read, from, to) ? last.text : null;
    }

    /** Remembers a value, and its text, for the next message. */
    public void keep(FieldName name, byte[] read, int from, int to, String text) {
        if (to - from > MAX_BYTES) {
            return;
        }
        Recent last = recent[name.place()];
        if (last == null) {
            last = new Recent();
            recent[name.place()] = last;
        }
        last.set(read, from, to - from, text);
    }

    /** A value as it came, and as text. */
    private static final class Recent {

        private byte[] bytes = new byte[USUAL_BYTES];
        private int length;
        private String text = "";

        void set(byte[] read, int from, int count, String value) {
            if (count > bytes.length) {
                bytes = new byte[MAX_BYTES];
            }
            System.arraycopy(read, from, bytes, 0, count);
            length = count;
            text = value;
        }
    }
}
