package dev.heddle.json;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.util.regex.Pattern;

/**
 * The budget of how far the patterns of a program may look through the texts of one document. A pattern with loops in loops can take
 * for ever over thirty characters; so each look at a character is counted, over the whole document, and what has found
 * no end by then is refused. Meanwhile the other tasks of the loop have their turns, and a cancel or a deadline ends the
 * search. Owned by the task that reads.
 */
final class PatternSteps {

    /** Most characters of a text that a pattern is tried on. */
    static final int MAX_TEXT = 10_000;

    /** Looks at characters that each document has. */
    static final int BASE = 100_000;

    /** More looks for each byte of the document. */
    static final int FOR_EACH_BYTE = 20;

    /**
     * Most looks in a row before the others have a turn: more than most patterns take over the longest text. What needs
     * more may be deep in itself, and so long a stack may be one that cannot be put aside; then it is given up.
     */
    static final int IN_A_ROW = 100_000;

    /** Looks after which the others have a turn before the next text, while nothing is on the stack. */
    private static final int BETWEEN_TEXTS = 10_000;

    /** More of them than giving way has. */
    private static final int FRAMES_TO_GIVE_WAY = 200;

    /** Behind those in a row. */
    private long left;

    private int inARow;
    private boolean over;

    /**
     * The steps of a document.
     *
     * @param bytes its length
     */
    PatternSteps(long bytes) {
        this.left = BASE + FOR_EACH_BYTE * bytes;
        takeRow();
    }

    /**
     * Whether the pattern matches all of the text, within what is left.
     *
     * <p>Cancellation: a cancelled call has changed nothing but the count.
     *
     * @throws CancelledException if the task is cancelled, seen when others have had a turn
     */
    boolean matches(Pattern pattern, CharSequence text) {
        if (text.length() > MAX_TEXT) {
            return false;
        }
        if (inARow < IN_A_ROW - BETWEEN_TEXTS && left > 0) {
            giveWay();
            left += inARow;
            takeRow();
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

    private void takeRow() {
        inARow = (int) Math.min(left, IN_A_ROW);
        left -= inARow;
    }

    /** Those of this row are done. */
    private void nextRow() {
        inARow = 0;
        if (left == 0) {
            throw new Exhausted();
        }
        // Where this overflows, nothing is in the middle of anything.
        freeFrames(FRAMES_TO_GIVE_WAY);
        giveWay();
        takeRow();
        inARow--;
    }

    private static int freeFrames(int count) {
        return count == 0 ? 0 : 1 + freeFrames(count - 1);
    }

    private static void giveWay() {
        if (Task.ofThread(Thread.currentThread()).isPresent()) {
            Heddle.checkpoint();
        } else {
            CancelScope.throwIfCancelled();
        }
    }

    private final class Counted implements CharSequence {

        private final CharSequence text;

        Counted(CharSequence text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (--inARow < 0) {
                nextRow();
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
