package dev.heddle.sync;

import java.util.List;

/** The statistics of a limiter at one moment. */
public sealed interface ConcurrencyLimiterStatistics permits ConcurrencyLimiter.Statistics {

    /** How many tokens there are. */
    int total();

    /** How many are lent; more than there are, for a while, after the total was made smaller. */
    int borrowed();

    /** Calls that wait for one. */
    int waiting();

    /** Who has one, in no order: tasks, threads, or what was named. */
    List<Object> borrowers();
}
