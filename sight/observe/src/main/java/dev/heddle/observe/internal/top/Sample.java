package dev.heddle.observe.internal.top;

import java.util.List;
import java.util.Map;

/**
 * A sample of what the tasks of the process have done until the end of a round.
 *
 * @param watchedNanos since when they are watched
 * @param whole whether all tasks are counted that wait; it takes a while where they are many
 * @param nanos how long each window was
 * @param loops all that each loop has run, by its name
 * @param rows each kind of tasks on each loop
 */
public record Sample(long watchedNanos, boolean whole, Map<RateWindow, Long> nanos, List<Row> loops, List<Row> rows) {}
