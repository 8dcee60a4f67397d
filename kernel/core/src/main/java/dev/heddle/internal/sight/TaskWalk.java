package dev.heddle.internal.sight;

import java.util.List;
import java.util.Optional;

/**
 * A walk through the tasks of a loop, owners before what they own, in slices between which the loop goes on. A task that
 * lives all the while is seen exactly once; one that begins or ends meanwhile may be seen or not.
 *
 * <p>Threads: one at a time, not the loop's own.
 */
public interface TaskWalk extends AutoCloseable {

    /**
     * The next tasks; no more than some hundred.
     *
     * @return no tasks at the end of the walk; empty if the loop does not answer within a second
     */
    Optional<List<TaskSight>> next();

    /** Ends the walk early. */
    @Override
    void close();
}
