package dev.heddle.sync;

/**
 * The statistics of a circuit breaker at one moment.
 *
 * @param state whether it lets calls pass
 * @param calls that have ended within the window
 * @param failures how many of them have failed
 * @param trials how many are under way to find out whether it may close
 * @param refused calls that were not let through since it was made
 * @param opened how often it has opened since it was made, a trial that failed included
 */
public record CircuitBreakerStatistics(
        CircuitBreaker.State state, long calls, long failures, int trials, long refused, long opened) {}
