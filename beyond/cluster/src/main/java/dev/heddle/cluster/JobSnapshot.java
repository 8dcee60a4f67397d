package dev.heddle.cluster;

/**
 * A job of a queue as it was when somebody looked.
 *
 * @param id its name in the queue
 * @param name what chooses its handler; empty of one that has ended, which is not kept
 */
public record JobSnapshot(String id, String name, JobStatus status) {}
