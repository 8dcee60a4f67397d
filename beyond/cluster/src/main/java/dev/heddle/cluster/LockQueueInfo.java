package dev.heddle.cluster;

import java.util.List;

/**
 * A mutex, semaphore or leadership of a cluster as it was when somebody looked: who has it, and who waits for it.
 *
 * @param kind {@code mutex}, {@code semaphore} or {@code leader}
 * @param holders the names of the nodes that have a place, the first first
 * @param waiting the names of the nodes behind them, the next first; one may stand there for many of its tasks
 */
public record LockQueueInfo(String kind, String name, List<String> holders, List<String> waiting) {

    /** Copies the names. */
    public LockQueueInfo {
        holders = List.copyOf(holders);
        waiting = List.copyOf(waiting);
    }
}
