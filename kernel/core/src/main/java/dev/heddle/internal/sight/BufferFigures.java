package dev.heddle.internal.sight;

/**
 * The figures of the buffers that the streams of a loop share, at one moment.
 *
 * @param borrowed how many are held by streams
 * @param idle how many lie ready
 * @param bufferBytes the room of each
 */
public record BufferFigures(int borrowed, int idle, int bufferBytes) {}
