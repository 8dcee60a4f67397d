package dev.heddle.http.gateway;

import dev.heddle.sync.CircuitBreakerStatistics;

/**
 * The statistics of one upstream of a gateway.
 *
 * @param url where it is
 * @param inFlight requests that it has now, up to the last byte of their responses
 * @param waiting requests that wait for a place
 * @param requests requests that it got, ever
 * @param failures those of them that it could not be reached for, was silent or broke off before the head of its
 *     response, ever
 * @param refused requests that found its waiting line full or waited there for too long, ever
 * @param healthy false if its health checks have failed, and it gets no requests as long as others are healthy
 * @param checks health checks that have ended, ever
 * @param failedChecks those of them that have failed, ever
 * @param breaker what its circuit breaker has seen
 */
public record UpstreamStatistics(
        String url,
        int inFlight,
        int waiting,
        long requests,
        long failures,
        long refused,
        boolean healthy,
        long checks,
        long failedChecks,
        CircuitBreakerStatistics breaker) {}
