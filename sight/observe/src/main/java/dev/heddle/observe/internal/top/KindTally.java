package dev.heddle.observe.internal.top;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The sums of what the tasks of one kind have done on one loop since it is watched. Written by the loop's thread only; a reader
 * elsewhere sees slightly old numbers.
 */
final class KindTally {

    /**
     * A kind of tasks.
     *
     * @param name what their names have in common
     * @param label what they are about, such as a route; null for nothing of that kind
     */
    record Key(String name, @Nullable String label) {}

    /** The kind of those for whom there was no room. */
    static final Key OTHERS = new Key(Row.OTHERS, null);

    /** The kind of what is no task. */
    static final Key CALLBACKS = new Key(Row.CALLBACKS, null);

    final Key key;

    /** Those of the same name that are about something. */
    final Map<String, KindTally> labelled = new HashMap<>(0);

    /** How many of them have not ended. */
    int tasks;

    /** How many of these wait, or have become ready since. */
    int waiting;

    long runs;

    /** The time that they ran. */
    long busy;

    /** The time that bodies ran which they have offloaded; by other threads. */
    final LongAdder offloaded = new LongAdder();

    /** The time that they were ready and did not run. */
    long delay;

    /** The longest such time of one run since a reader has set it to 0. */
    long worstDelay;

    /** The memory that they have taken. */
    long allocated;

    /** The runs when the loop last looked for kinds that have died out. */
    long runsBefore;

    KindTally(Key key) {
        this.key = key;
    }
}
