package dev.heddle.sync;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/** The reason why no more elements are taken, and what each side is told. */
record Ending(Kind kind, String words, @Nullable Throwable cause) {

    enum Kind {
        /** It was closed or aborted. */
        CLOSED,
        /** It was closed with a failure. */
        FAILED,
        /** Nobody is left to receive. */
        NO_RECEIVERS,
        /** The receiver was cut off since it had fallen behind. */
        TOO_SLOW
    }

    static Ending closed(String what) {
        return new Ending(Kind.CLOSED, "the " + what + " is closed", null);
    }

    static Ending failed(String what, Throwable cause) {
        return new Ending(Kind.FAILED, "the " + what + " is closed by a failure: " + cause, cause);
    }

    static Ending noReceivers(String what) {
        return new Ending(Kind.NO_RECEIVERS, "the last receiver of the " + what + " is closed", null);
    }

    static Ending tooSlow(int capacity) {
        return new Ending(
                Kind.TOO_SLOW, "the subscriber was too slow: its buffer of " + capacity + " was full", null);
    }

    /** What a sender gets. */
    HeddleException forSender() {
        return switch (kind) {
            case CLOSED, FAILED -> new ClosedException(words, cause);
            case NO_RECEIVERS, TOO_SLOW -> new BrokenException(words);
        };
    }

    /** What a receiver gets when nothing is left. */
    HeddleException forReceiver() {
        return switch (kind) {
            case CLOSED, FAILED, NO_RECEIVERS -> new ClosedException(words, cause);
            case TOO_SLOW -> new BrokenException(words);
        };
    }

    /** Whether receivers that go on until the end just end. */
    boolean isOrderly() {
        return switch (kind) {
            case CLOSED, NO_RECEIVERS -> true;
            case FAILED, TOO_SLOW -> false;
        };
    }
}
