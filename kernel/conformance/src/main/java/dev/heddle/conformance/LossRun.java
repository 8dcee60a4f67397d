package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.LossCell.Deed;
import org.jspecify.annotations.Nullable;

/**
 * One play of a {@link LossCell}, and the model that judges it:
 *
 * <pre>
 *                a read gets                  a write that waits     a fresh write
 *   HALF_CLOSE   the bytes, then the end      waits, then is taken   is taken
 *   RESET        the bytes, then the loss     breaks                 breaks, at once where the loss was told
 *   SILENCE      waits, then as HALF_CLOSE    waits, then is taken   is taken
 *   END          the bytes, then the end      is taken               breaks, at once where the loss was told
 * </pre>
 *
 * <p>"Then" is again and again. A fresh write that meets a loss first may pass, and those behind it break soon. Where
 * the end of one direction ends both, a fresh write behind an end that was read breaks.
 */
final class LossRun {

    private static final byte[] PIECE = Fixtures.noise(16 * 1024, 13);
    private static final byte[] SMALL = Fixtures.noise(10, 14);

    private final LossCell cell;
    private final LossEnds ends;

    /** Reads to the end; null when none waits. */
    private @Nullable Task<LossEnds.Reading> reader;

    /** Writes pieces until it is told that one is the last; null when none waits. */
    private @Nullable Task<Void> writer;

    private boolean lastPiece;
    private long begun;
    private String unread = "";

    /** Whether a call of ours was told that the connection is lost. */
    private boolean lossTold;

    private boolean endTold;

    LossRun(LossCell cell, LossEnds ends) {
        this.cell = cell;
        this.ends = ends;
    }

    void run() {
        peerSends("half");
        beginToWait();
        peerActs();
        ends.letArrive();
        callThen();
        if (isLoss()) {
            assertLost();
        } else {
            goOn();
        }
        assertReadsStay();
    }

    private void peerSends(String text) {
        ends.send(text);
        unread += text;
        ends.letArrive();
    }

    private void beginToWait() {
        if (cell.readerWaits()) {
            startReader();
        }
        if (cell.writerWaits()) {
            writer = Heddle.spawn(this::writeUntilTold);
            awaitStuck();
        }
        Fixtures.letOthersRun();
    }

    private void peerActs() {
        switch (cell.deed()) {
            case HALF_CLOSE -> ends.halfClose();
            case RESET -> ends.reset();
            case SILENCE -> {}
            case END -> {
                lastPiece = true;
                ends.end(begun);
            }
        }
    }

    private void callThen() {
        switch (cell.then()) {
            case ONCE -> callBoth();
            case TWICE -> {
                callBoth();
                callBoth();
            }
            case AFTER_A_WRITE -> {
                judgeWrite();
                writeUntilBrokenIfLost();
                judgeRead();
                judgeWrite();
            }
            case AFTER_A_READ -> {
                judgeRead();
                judgeWrite();
                judgeRead();
            }
        }
    }

    private void callBoth() {
        startReader();
        Fixtures.letOthersRun();
        judgeWrite();
        judgeRead();
    }

    // ---- reading ----

    private Task<LossEnds.Reading> startReader() {
        Task<LossEnds.Reading> waiting = reader == null ? Heddle.spawn(ends::read) : reader;
        reader = waiting;
        return waiting;
    }

    private void judgeRead() {
        Task<LossEnds.Reading> waiting = startReader();
        if (cell.deed() == Deed.SILENCE) {
            ends.letArrive();
            assertFalse(waiting.isDone(), () -> "a read over a silent connection gave " + waiting);
        } else {
            assertRead();
        }
    }

    private void assertRead() {
        LossEnds.Reading read = startReader().join();
        reader = null;
        assertEquals(new LossEnds.Reading(unread, readsBreak()), read);
        unread = "";
        lossTold |= read.broken();
        endTold |= !read.broken();
    }

    private boolean readsBreak() {
        return cell.deed() == Deed.RESET
                && (cell.writerWaits() ? ends.tellsResetsBeforeUnread() : ends.tellsResets());
    }

    private void assertReadsStay() {
        assertRead();
        assertRead();
        ends.assertStays(readsBreak());
    }

    // ---- writing ----

    private void writeUntilTold() {
        while (!lastPiece) {
            begun += PIECE.length;
            ends.write(PIECE);
        }
    }

    /** Waits until the writer makes no way any more. */
    private void awaitStuck() {
        for (long before = -1; begun != before;) {
            before = begun;
            ends.letArrive();
            Fixtures.letOthersRun();
        }
        assertFalse(isDone(writer), "whoever writes for ever waits at some time");
    }

    private void judgeWrite() {
        if (writer == null) {
            assertFreshWrite();
        } else if (isLoss()) {
            assertWriterEnds();
        } else {
            assertFalse(isDone(writer), "the peer does not read, and yet the writer has ended");
        }
    }

    private void assertWriterEnds() {
        Task<Void> waiting = writer;
        writer = null;
        if (waiting != null) {
            lastPiece = true;
            boolean broken = isBroken(waiting::join);
            assertEquals(cell.deed() == Deed.RESET, broken, "whether the write that waited broke");
            lossTold |= broken;
        }
    }

    private void assertFreshWrite() {
        boolean broken = isBroken(() -> ends.write(SMALL));
        if (!broken) {
            begun += SMALL.length;
        }
        if (isLoss()) {
            assertTrue(broken || !lossTold, "a write was taken behind a loss that was told");
            lossTold |= broken;
        } else if (ends.halfCloseEndsBoth()) {
            assertTrue(broken || !endTold, "a write was taken behind an end of both directions that was read");
        } else {
            assertFalse(broken, "the connection is whole");
        }
    }

    private void writeUntilBrokenIfLost() {
        while (isLoss() && !lossTold) {
            assertFreshWrite();
            Heddle.checkpoint();
        }
    }

    private static boolean isBroken(Runnable call) {
        try {
            call.run();
            return false;
        } catch (BrokenException e) {
            return true;
        }
    }

    private static boolean isDone(@Nullable Task<?> task) {
        return task != null && task.isDone();
    }

    // ---- how it ends ----

    private boolean isLoss() {
        return cell.deed() == Deed.RESET || cell.deed() == Deed.END;
    }

    private void assertLost() {
        assertWriterEnds();
        if (reader != null) {
            assertRead();
        }
        writeUntilBrokenIfLost();
        for (int i = 0; i < 3; i++) {
            assertFreshWrite();
        }
    }

    /** The peer reads on, and a silent one sends and ends: nothing is lost. */
    private void goOn() {
        if (cell.deed() == Deed.SILENCE) {
            peerSends("more");
            ends.halfClose();
        }
        Task<Long> peer = Heddle.spawn(ends::drain);
        lastPiece = true;
        if (writer != null) {
            writer.join();
        }
        assertRead();
        ends.endOutput();
        assertEquals(begun, peer.join(), "bytes that the peer got");
    }
}
