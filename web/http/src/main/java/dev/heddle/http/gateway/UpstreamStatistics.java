package dev.heddle.http.gateway;

import dev.heddle.sync.CircuitBreakerStatistics;

/** The statistics of one upstream of a gateway. */
public sealed interface UpstreamStatistics permits Upstream.Statistics {

    /** Where it is. */
    String url();

    /** Requests that it has now, up to the last byte of their responses. */
    int inFlight();

    /** Requests that wait for a place. */
    int waiting();

    /** Requests that it got, ever. */
    long requests();

    /**
     * Those of them that it could not be reached for, was silent or broke off before the head of its response, ever.
     */
    long failures();

    /** Requests that found its waiting line full or waited there for too long, ever. */
    long refused();

    /** False if its health checks have failed, and it gets no requests as long as others are healthy. */
    boolean healthy();

    /** Health checks that have ended, ever. */
    long checks();

    /** Those of them that have failed, ever. */
    long failedChecks();

    /** What its circuit breaker has seen. */
    CircuitBreakerStatistics breaker();
}
