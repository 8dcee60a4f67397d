package dev.heddle.net;

/**
 * The statistics of a {@link Resolver} so far.
 *
 * @param remembered calls that were answered from memory
 * @param shared calls that waited for the look-up of another
 * @param lookups look-ups that were begun
 * @param sent datagrams with questions, those that were sent once more included
 * @param overTcp questions that went over TCP
 * @param strays datagrams that answered nothing that was asked: many of them are an attack
 * @param failures questions that a server did not answer in time or at all
 */
public record ResolverStatistics(
        long remembered, long shared, long lookups, long sent, long overTcp, long strays, long failures) {}
