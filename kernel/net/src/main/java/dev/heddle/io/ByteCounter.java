package dev.heddle.io;

import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;

/**
 * A counter of the bytes of the streams that share it.
 *
 * <pre>{@code
 * ByteCounter meter = new ByteCounter();
 * listener.serve(1_000, stream -> talk(Streams.metered(stream, meter)));
 * }</pre>
 *
 * <p>Threads: streams of one loop; {@link #statistics} is for any thread, where it may lag behind. Cancellation: it
 * never waits. To test code that uses it, look at its statistics.
 */
public final class ByteCounter {

    private static final PartKind<ByteCounter> KIND = PartKind.of("meter", ByteCounter::statistics);

    private volatile long bytesRead;
    private volatile long bytesWritten;

    /** A meter at zero. */
    public ByteCounter() {
        Parts.addSoon(KIND, this); // later ones are seen by who made them: nothing waits here that would show them
    }

    /** What was counted so far. */
    public ByteCounterStatistics statistics() {
        return new Statistics(bytesRead, bytesWritten);
    }

    /** Only tasks of one loop count, so nothing comes between looking and adding. */
    void read(int bytes) {
        long before = bytesRead;
        bytesRead = before + bytes;
    }

    void wrote(long bytes) {
        long before = bytesWritten;
        bytesWritten = before + bytes;
    }

    @Override
    public String toString() {
        return "ByteCounter[" + bytesRead + " bytes read, " + bytesWritten + " written]";
    }

    /** What the statistics are, at one moment. */
    record Statistics(@Counter long bytesRead, @Counter long bytesWritten) implements ByteCounterStatistics {}
}
