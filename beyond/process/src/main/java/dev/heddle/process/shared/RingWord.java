package dev.heddle.process.shared;

/**
 * The arithmetic of a ring's two words, each a moment of one end of it:
 *
 * <pre>
 *   | elements that have passed, 32 bits | place of the next one in units of 8 bytes, 30 bits | two flags |
 * </pre>
 *
 * <p>Both numbers overflow in their time; only differences between the ends are used.
 */
final class RingWord {

    /** What elements are aligned to, in bytes. */
    static final int UNIT = 8;

    private static final int COUNT_AT = 32;
    private static final int FLAGS = 2;
    private static final long FLAG_BITS = (1L << FLAGS) - 1;
    private static final long PLACES = (1L << (COUNT_AT - FLAGS)) - 1;

    private RingWord() {}

    /** How many elements have passed, as an {@code int} that overflows. */
    static int passed(long word) {
        return (int) (word >>> COUNT_AT);
    }

    private static long place(long word) {
        return (word >>> FLAGS) & PLACES;
    }

    /** The word behind an element of so many bytes, a multiple of the unit. */
    static long behind(long word, long bytes) {
        long place = (place(word) + bytes / UNIT) & PLACES;
        return ((long) (passed(word) + 1) << COUNT_AT) | (place << FLAGS) | (word & FLAG_BITS);
    }

    /** The moment of one word with the flags of another. */
    static long withFlagsOf(long word, long flags) {
        return (word & ~FLAG_BITS) | (flags & FLAG_BITS);
    }

    /** Where in the data the next element is. */
    static long offset(long word, long dataBytes) {
        return place(word) * UNIT & (dataBytes - 1);
    }

    /** How many elements are between two words; anything where memory is damaged. */
    static int elements(long head, long tail) {
        return passed(tail) - passed(head);
    }

    /** How many bytes are between two words; anything where memory is damaged. */
    static long bytes(long head, long tail) {
        return ((place(tail) - place(head)) & PLACES) * UNIT;
    }
}
