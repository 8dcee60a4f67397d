package dev.heddle.cluster;

import java.util.Set;

/**
 * The numbers of a queue, as one node has last heard of it.
 *
 * @param waiting jobs that nobody does yet, those that wait for their time among them
 * @param running jobs that a node does
 * @param dead dead letters
 * @param ended jobs that are done or cancelled, and not forgotten yet
 * @param unhandled names of waiting jobs that no node handles
 * @param isPaused whether no node begins with a job
 */
public record JobsStatistics(
        int waiting, int running, int dead, int ended, Set<String> unhandled, boolean isPaused) {

    /** Copies the names. */
    public JobsStatistics {
        unhandled = Set.copyOf(unhandled);
    }
}
