package dev.heddle.engine;

/**
 * An engine that can gather what comes: where much is under way, and its pieces come one right after the other, a wake
 * for each costs more than a moment's wait for some of them.
 */
public interface GatheringEngine extends Engine {

    /**
     * Lets the loop's next wait last at least so long, unless much has come before. Nothing else is late: what comes
     * behind that time ends the wait at once, as ever. But a timer, and a wake by another thread, may be late by that
     * time, so engines take a millisecond at most. The longest that was asked for since the last wait counts. Never
     * waits; for tasks of the loop.
     *
     * @param nanos zero or less asks for nothing
     */
    void gather(long nanos);
}
