package dev.heddle.net.internal.dns;

/** The counts of exchanges with servers. */
public final class Counts {

    /** Datagrams that were sent. */
    public long sent;

    /** Datagrams that came and answered nothing that was asked. */
    public long strays;

    /** Questions that went over TCP. */
    public long overTcp;

    /** Tries of a server that brought no answer. */
    public long failures;
}
