package dev.heddle.io;

/** The statistics of a {@link Meter} at one moment. */
public sealed interface MeterStatistics permits Meter.Statistics {

    /** Bytes that came from peers. */
    long bytesRead();

    /** Bytes that the system took for peers. */
    long bytesWritten();
}
