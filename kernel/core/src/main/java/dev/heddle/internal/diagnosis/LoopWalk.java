package dev.heddle.internal.diagnosis;

import java.util.List;
import java.util.Optional;

/** A walk through the tasks of a loop, in slices between which the loop goes on. */
public interface LoopWalk<T> extends AutoCloseable {

    /** What is told of the next tasks; empty if the loop does not answer within a second. */
    Optional<List<T>> next();

    /** Whether there are no more. */
    boolean isOver();

    @Override
    void close();
}
