package dev.heddle.http.overload;

/** The statistics of a {@link LoadShedding} so far. */
public sealed interface LoadSheddingStatistics permits LoadShedding.Statistics {

    /** Most requests that may be worked on at the same time, as far as is known now. */
    int limit();

    /** Requests that are worked on now, those with priority included. */
    int running();

    /** Requests that were let in. */
    long admitted();

    /** Requests that got 503. */
    long refused();
}
