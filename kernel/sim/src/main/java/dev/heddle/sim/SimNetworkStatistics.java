package dev.heddle.sim;

/** The statistics of a {@link SimNetwork} since its start. */
public sealed interface SimNetworkStatistics permits SimNetwork.Statistics {

    /** SimConnections made. */
    long connections();

    /** Segments and datagrams sent, segments that only connect or end too. */
    long segments();

    /** How often a segment was lost and sent again, or a datagram was lost. */
    long losses();

    /** Segments and datagrams that arrived twice. */
    long duplicates();

    /** Segments and datagrams that were delayed once more. */
    long reorders();
}
