package dev.heddle.io;

/** The statistics of the buffers of a loop's streams at one moment. */
public sealed interface BufferStatistics permits Buffers.Statistics {

    /** How many are held by streams: zero when all streams are idle or closed. */
    int borrowed();

    /** How many off-heap ones lie ready. */
    int idle();

    /** The room of each. */
    int bufferBytes();
}
