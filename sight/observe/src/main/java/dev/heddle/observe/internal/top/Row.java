package dev.heddle.observe.internal.top;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a kind, and what they have done.
 *
 * @param name what their names have in common
 * @param label what they are about, such as a route; null for nothing of that kind
 * @param tasks how many have not ended
 * @param waiting how many of these wait
 * @param worstDelay the longest time in the last round that one was ready and did not run
 * @param total since the watch began
 * @param last in each window
 */
public record Row(
        String name,
        @Nullable String label,
        long tasks,
        long waiting,
        long worstDelay,
        Figures total,
        Map<RateWindow, Figures> last) {

    /** The name of those for whom there was no room. */
    public static final String OTHERS = "(others)";

    /** The name of what is no task. */
    public static final String CALLBACKS = "(callbacks)";

    /** No tasks at all. */
    public static Row none(String name) {
        return new Row(name, null, 0, 0, 0, Figures.NONE, Map.of());
    }

    /** This one and another, as one that is called as this. */
    public Row plus(Row other) {
        Map<RateWindow, Figures> sums = new EnumMap<>(RateWindow.class);
        for (RateWindow window : RateWindow.values()) {
            sums.put(window, last(window).plus(other.last(window)));
        }
        return new Row(
                name,
                label,
                tasks + other.tasks,
                waiting + other.waiting,
                Math.max(worstDelay, other.worstDelay),
                total.plus(other.total),
                sums);
    }

    /** What they have done in a window. */
    public Figures last(RateWindow window) {
        return last.getOrDefault(window, Figures.NONE);
    }
}
