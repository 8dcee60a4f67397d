package dev.heddle.internal.sight;

import dev.heddle.WaitReport;
import java.util.List;

/**
 * The graph of who waits for what and who could end that. Its nodes are threads, those of tasks as well, and have the
 * same numbers wherever they are named.
 *
 * @param waits those in cycles first, then those that wait for others or that others wait for, then the rest
 * @param others who is named as a holder and does not wait, or has ended
 * @param starved the loops that do not answer; their tasks are seen only where others wait for them
 * @param plain how many tasks wait for what nobody can be said to hold, such as a time or bytes, and are not listed
 * @param leftOut how many waits are not listed because there are too many
 */
public record Waits(
        List<Wait> waits, List<Other> others, List<WaitReport.StarvedLoop> starved, long plain, long leftOut) {

    /**
     * One that waits.
     *
     * @param loop the name of its loop; empty if it is no task
     * @param task its number on its loop; 0 if it is no task
     * @param cycle the number of the cycle that it is in, from 1; 0 if it is in none
     * @param words what it waits for, where and for how long
     * @param holders any one of them could end the wait; empty if not known
     * @param likely who was the last to do what would end the wait, where nobody holds what is waited for
     * @param process in which the wait will be ended; 0 if it is this one, or not known
     */
    public record Wait(
            long node,
            String loop,
            long task,
            int cycle,
            WaitReport.Wait words,
            List<Long> holders,
            List<Long> likely,
            long process) {}

    /**
     * One that others wait for.
     *
     * @param loop the name of its loop; empty if it is no task, or has ended
     * @param task its number on its loop; 0 if it is no task, or has ended
     * @param state {@code running}, {@code ready}, {@code ended} or, of a thread, in the words of the JVM
     * @param stack its stack, innermost frame first
     */
    public record Other(
            long node, String loop, long task, String who, String state, List<StackTraceElement> stack) {

        /** Whether it will never do anything again. */
        public boolean hasEnded() {
            return state.equals("ended");
        }
    }
}
