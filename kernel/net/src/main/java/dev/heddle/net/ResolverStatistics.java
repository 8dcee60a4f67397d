package dev.heddle.net;

/** The statistics of a {@link Resolver} so far. */
public sealed interface ResolverStatistics permits Resolver.Statistics {

    /** Calls that were answered from memory. */
    long remembered();

    /** Calls that waited for the look-up of another. */
    long shared();

    /** Look-ups that were begun. */
    long lookups();

    /** Datagrams with questions, those that were sent once more included. */
    long sent();

    /** Questions that went over TCP. */
    long overTcp();

    /** Datagrams that answered nothing that was asked: many of them are an attack. */
    long strays();

    /** Questions that a server did not answer in time or at all. */
    long failures();
}
