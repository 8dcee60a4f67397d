package dev.heddle.io;

/** The statistics of a {@link ByteCounter} at one moment. */
public sealed interface ByteCounterStatistics permits ByteCounter.Statistics {

    /** Bytes that came from peers. */
    long bytesRead();

    /** Bytes that the system took for peers. */
    long bytesWritten();
}
