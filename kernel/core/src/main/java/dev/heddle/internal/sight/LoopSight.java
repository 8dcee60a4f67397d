package dev.heddle.internal.sight;

import dev.heddle.LoopStatistics;
import dev.heddle.Task;
import org.jspecify.annotations.Nullable;

/**
 * A loop at one moment.
 *
 * @param engine the name of its engine
 * @param asleep whether it waits for I/O or a timer
 * @param running the task that runs now; null if none does, or a callback
 * @param driver the thread that drives it; null if none does now
 */
public record LoopSight(
        String name,
        String engine,
        LoopStatistics statistics,
        boolean asleep,
        @Nullable Task<?> running,
        @Nullable Thread driver) {}
