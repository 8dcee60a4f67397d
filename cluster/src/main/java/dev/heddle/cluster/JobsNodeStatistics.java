package dev.heddle.cluster;

/**
 * The numbers of a queue, as one node sees it and works for it.
 *
 * @param waiting jobs that nobody does yet, as far as this node follows the queue
 * @param running jobs that a node does
 * @param dead dead letters
 * @param ended jobs that are done or cancelled, and not forgotten yet
 * @param unhandled how many names of waiting jobs no node handles
 * @param isPaused whether no node begins with a job
 * @param limit how many jobs this node does at a time
 * @param here how many it does now
 * @param done how many of its attempts have ended well, since it began
 * @param failed how many have failed
 */
public record JobsNodeStatistics(
        int waiting, int running, int dead, int ended, int unhandled, boolean isPaused, int limit, int here, long done,
        long failed) {}
