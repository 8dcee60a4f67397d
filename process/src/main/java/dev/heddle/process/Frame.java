package dev.heddle.process;

/**
 * One message between a parent and its child: {@code length:4 kind:1 number:8 content}, where the length counts what follows it.
 *
 * @param number of the work that it belongs to
 * @param content never changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Frame(byte kind, long number, byte[] content) {

    /** Kind and number. */
    static final int HEAD_BYTES = 9;

    // ---- to the child ----

    /** The first: options, an initializer. */
    static final byte SETUP = 1;
    static final byte WORK = 2;

    /** Whoever waits for the work has given it up. */
    static final byte CANCEL = 3;

    /** The class that was wanted; empty if there is none. */
    static final byte CLASS = 4;

    /** No more work comes. */
    static final byte END = 5;

    /** All work that has not begun is wanted back. */
    static final byte RECALL = 6;

    // ---- to the parent ----

    /** The first: the secret that the child was given. */
    static final byte HELLO = 16;
    static final byte RESULT = 17;
    static final byte FAILURE = 18;

    /** The result is longer than may be. */
    static final byte TOO_LONG = 20;

    /** The result cannot travel; why, in words. */
    static final byte CANNOT_TRAVEL = 21;

    /** Work that was cancelled or wanted back, and has not begun. */
    static final byte RETURNED = 22;

    /** A class that the child does not have. */
    static final byte CLASS_WANTED = 19;

    static final byte[] NOTHING = {};

    /** Whether it ends work. */
    boolean isEnd() {
        return kind == RESULT || kind == FAILURE || kind == TOO_LONG || kind == CANNOT_TRAVEL;
    }
}
