package dev.heddle.process.internal.codec;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of messages: what a {@link Frame} says.
 *
 * <pre>
 *   child ──HELLO secret──▶ pool                                process ──HELLO secret, process id──▶ manager
 *         ◀──SETUP────────                                              ◀──SETUP────────────────────
 *         ◀──WORK 7──                                                   ──CALL 7──▶       many at a time, answered in any order
 *         ◀──LONG_WORK 8──  ◀──PIECE 8── ...
 *         ──CLASS_WANTED──▶  ◀──CLASS──                                 ──CANCEL 7──▶     the answer still comes, and soon
 *         ◀──CANCEL 7──  ◀──RECALL──                                    ◀──RESULT 7, or another answer──
 *         ──RESULT 7, or another answer, or RETURNED 7──▶               ──CALLER_ENDED 3──▶
 *         ◀──END──                                                      ──CHANGED 2──▶
 * </pre>
 */
public enum MessageKind {

    // ---- at the beginning ----

    /** The first of who connects: the secret that it was given; to a manager its process id too. */
    HELLO,

    /** The first in return: an encoded {@link Setup}. */
    SETUP,

    // ---- to a child ----

    /** What is to be done. Where it is long and comes from elsewhere, {@link #LONG_WORK} takes its place. */
    WORK,

    /** The class that was wanted; empty if there is none. */
    CLASS,

    /** All work that has not begun is wanted back. */
    RECALL,

    /** No more work comes. */
    END,

    // ---- to a manager ----

    /** Caller, object, method, encoded arguments. */
    CALL,

    /** A caller that holds a mutex has ended; its number. */
    CALLER_ENDED,

    /** The memory of an object, whose number it is, has changed while somebody waited. Never answered. */
    CHANGED,

    // ---- to both ----

    /** Whoever waits for the answer has given it up. */
    CANCEL,

    // ---- answers ----

    RESULT,
    FAILURE,

    /** The result is longer than may be. */
    TOO_LONG,

    /** The result cannot travel; why, in words. */
    CANNOT_TRAVEL,

    // ---- from a child ----

    /** Work that was cancelled or wanted back, and has not begun. */
    RETURNED,

    /** A class that the child does not have. */
    CLASS_WANTED,

    // ---- answers of a manager ----

    /** The call has had no effect. */
    CANCELLED,

    /** The manager is closed. */
    CLOSED,

    /** There is no such object, or no more. */
    GONE,

    /** This process has too many calls under way. */
    BUSY,

    // ---- to a child, instead of WORK ----

    /**
     * Work whose content comes in pieces; its length. If it is cancelled before the last it has not begun, and is
     * returned.
     */
    LONG_WORK,

    /** A piece of the content of the work that was begun. */
    PIECE,

    /** A body of another pool is to be done: a {@link Relayed}. */
    RELAY,

    /** To {@link #RELAY} as {@link #LONG_WORK} is to {@link #WORK}. */
    LONG_RELAY;

    private static final MessageKind[] ALL = values();

    /** The kind with a number; null if there is none. */
    public static @Nullable MessageKind of(int number) {
        return number < 0 || number >= ALL.length ? null : ALL[number];
    }

    /** Whether it says what a child is to do. */
    public boolean isWork() {
        return this == WORK || this == RELAY;
    }

    /** The kind that takes its place where work comes in pieces. */
    MessageKind inPieces() {
        return this == RELAY ? LONG_RELAY : LONG_WORK;
    }

    /** The kind in whose place it comes; null if in none. */
    @Nullable MessageKind whole() {
        return this == LONG_WORK ? WORK : this == LONG_RELAY ? RELAY : null;
    }

    /** Whether it answers work or a call that has been done. */
    public boolean isEnd() {
        return this == RESULT || this == FAILURE || this == TOO_LONG || this == CANNOT_TRAVEL;
    }
}
