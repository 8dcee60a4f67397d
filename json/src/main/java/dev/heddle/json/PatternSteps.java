package dev.heddle.json;

import java.util.regex.Pattern;

/**
 * How far the patterns of a program may look through the texts of one document. A pattern with loops in loops can take
 * for ever over thirty characters; so each look at a character is counted, over the whole document, and what has found
 * no end by then is refused. Owned by the task that reads.
 */
final class PatternSteps {

    /** Most characters of a text that a pattern is tried on. */
    static final int MAX_TEXT = 10_000;

    /** Looks at characters that each document has. */
    static final int BASE = 100_000;

    /** More looks for each byte of the document. */
    static final int FOR_EACH_BYTE = 20;

    private long left;
    private boolean over;

    /**
     * The steps of a document.
     *
     * @param bytes its length
     */
    PatternSteps(long bytes) {
        this.left = BASE + FOR_EACH_BYTE * bytes;
    }

    /** Whether the pattern matches all of the text, within what is left. */
    boolean matches(Pattern pattern, CharSequence text) {
        if (text.length() > MAX_TEXT) {
            return false;
        }
        try {
            return pattern.matcher(new Counted(text)).matches();
        } catch (Exhausted | StackOverflowError e) {
            over = true;
            return false;
        }
    }

    /** Whether a pattern was given up before its end since this was asked. */
    boolean takeOver() {
        boolean was = over;
        over = false;
        return was;
    }

    private final class Counted implements CharSequence {

        private final CharSequence text;

        Counted(CharSequence text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new Exhausted();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static final class Exhausted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Exhausted() {
            super(null, null, false, false);
        }
    }
}
