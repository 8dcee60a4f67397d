package dev.heddle.sync;

import java.util.List;

/**
 * The statistics of a limiter at one moment.
 *
 * @param total how many tokens there are
 * @param borrowed how many are lent; more than there are, for a while, after the total was made smaller
 * @param waiting calls that wait for one
 * @param borrowers who has one, in no order: tasks, threads, or what was named
 */
public record LimiterStatistics(int total, int borrowed, int waiting, List<Object> borrowers) {

    public LimiterStatistics {
        borrowers = List.copyOf(borrowers);
    }
}
