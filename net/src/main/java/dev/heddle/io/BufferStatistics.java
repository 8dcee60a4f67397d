package dev.heddle.io;

/**
 * The statistics of the buffers of a loop's streams at one moment.
 *
 * @param borrowed how many are held by streams: zero when all streams are idle or closed
 * @param idle how many off-heap ones lie ready
 * @param bufferBytes the room of each
 */
public record BufferStatistics(int borrowed, int idle, int bufferBytes) {}
