package dev.heddle.sync;

/** The statistics of a circuit breaker at one moment. */
public sealed interface CircuitBreakerStatistics permits CircuitBreaker.Statistics {

    /** Whether it lets calls pass. */
    CircuitBreaker.State state();

    /** That have ended within the window. */
    long calls();

    /** How many of them have failed. */
    long failures();

    /** How many are under way to find out whether it may close. */
    int trials();

    /** Calls that were not let through since it was made. */
    long refused();

    /** How often it has opened since it was made, a trial that failed included. */
    long opened();
}
