package dev.heddle.conformance;

import dev.heddle.Heddle;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A cell of the crossed contract of ends and losses: what the peer does, which calls of ours wait at that moment, and
 * what we call then. All cells are judged by one model, over byte streams as over any layer above them; see {@link
 * LossEnds}.
 *
 * <p>Threads: a value; {@link #run} is for a task.
 */
public record LossCell(Deed deed, Waiting waiting, Then then) {

    /** How many are played beside each other, which bounds what the system has to buffer. */
    static final int AT_ONCE = 16;

    /** What the peer does, behind bytes that have arrived. */
    public enum Deed {
        /** Ends its direction; it reads on later. */
        HALF_CLOSE,
        /** Aborts the connection. */
        RESET,
        /** Neither sends nor reads; it goes on later, and ends then. */
        SILENCE,
        /** Reads all that we have written, and closes. */
        END
    }

    /** Who of ours waits when the peer does it. */
    public enum Waiting {
        /** A task that reads to the end. */
        READER,
        /** A task that writes more than fits. */
        WRITER,
        /** One of each. */
        BOTH,
        /** Nobody. */
        NONE
    }

    /** What we call then, and judge. */
    public enum Then {
        /** A read and a write beside it. */
        ONCE,
        /** The same, and once more. */
        TWICE,
        /** A read behind a write, which learns of a loss first, and a write. */
        AFTER_A_WRITE,
        /** A write behind a read, which learns of it first, and a read. */
        AFTER_A_READ
    }

    /** All 64 cells, always in the same order. */
    public static List<LossCell> all() {
        return Stream.of(Deed.values()).flatMap(LossCell::with).toList();
    }

    private static Stream<LossCell> with(Deed deed) {
        return Stream.of(Waiting.values())
                .flatMap(waiting -> Stream.of(Then.values()).map(then -> new LossCell(deed, waiting, then)));
    }

    /**
     * Plays the cell, and judges each answer.
     *
     * <p>Cancellation: a cancelled call leaves the ends in the middle of it.
     *
     * @param ends two fresh ends, which the caller closes
     * @throws AssertionError if an answer is not that of the model, or does not come
     */
    public void run(LossEnds ends) {
        Heddle.timeout(ends.patience(), () -> new LossRun(this, ends).run());
    }

    boolean readerWaits() {
        return waiting == Waiting.READER || waiting == Waiting.BOTH;
    }

    boolean writerWaits() {
        return waiting == Waiting.WRITER || waiting == Waiting.BOTH;
    }

    /** Fit for the name of a test: {@code half close, writer waits, after a read}. */
    @Override
    public String toString() {
        return words(deed) + ", " + words(waiting) + (waiting == Waiting.BOTH ? " wait, " : " waits, ") + words(then);
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
