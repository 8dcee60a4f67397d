package dev.heddle.http.internal.codec;

/**
 * The limits of a head.
 *
 * @param maxStartLine most bytes of a request line, without its end; that of a reply counts with its fields
 * @param maxHeaderBytes most bytes of the fields, up to the end of the empty line behind them
 * @param maxHeaderCount most fields
 */
public record HeadLimits(int maxStartLine, int maxHeaderBytes, int maxHeaderCount) {}
