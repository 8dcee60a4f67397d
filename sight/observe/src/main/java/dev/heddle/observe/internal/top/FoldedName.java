package dev.heddle.observe.internal.top;

/** The name that tasks of a kind have in common: {@code fetch #} of {@code fetch 17}. */
public final class FoldedName {

    /** Most characters of one: a name of a task may be anything. */
    static final int MAX_CHARS = 200;

    private static final char NUMBER = '#';

    private FoldedName() {}

    /** A name with each number in it as one mark, and without an end that nobody would read. */
    public static String of(String name) {
        int length = Math.min(name.length(), MAX_CHARS);
        int digit = 0;
        while (digit < length && !isDigit(name.charAt(digit))) {
            digit++;
        }
        return digit == length && length == name.length() ? name : folded(name, digit, length);
    }

    private static String folded(String name, int firstDigit, int length) {
        var folded = new StringBuilder(length).append(name, 0, firstDigit);
        for (int i = firstDigit; i < length; i++) {
            char c = name.charAt(i);
            if (!isDigit(c)) {
                folded.append(c);
            } else if (i == 0 || !isDigit(name.charAt(i - 1))) {
                folded.append(NUMBER);
            }
        }
        return folded.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
