package dev.heddle.sim.programs;

import dev.heddle.TaskGroup;
import dev.heddle.TaskPool;
import dev.heddle.sync.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Where a statement stands.
 *
 * @param alone no group may be opened here: the end of its tasks may need the monitor that is held, which no cancel
 *     helps
 */
record Frame(
        ModelTask task,
        Things.@Nullable Both<TaskGroup, ModelGroup> group,
        Things.@Nullable Both<TaskPool, ModelPool> pool,
        Things.@Nullable Both<Subscription<Integer>, ModelChannel> subscription,
        boolean alone) {

    Frame(ModelTask task) {
        this(task, null, null, null, false);
    }

    Frame in(Things.Both<TaskGroup, ModelGroup> inner) {
        return new Frame(task, inner, null, subscription, alone);
    }

    Frame inPool(Things.Both<TaskPool, ModelPool> inner) {
        return new Frame(task, group, inner, subscription, alone);
    }

    Frame subscribed(Things.Both<Subscription<Integer>, ModelChannel> inner) {
        return new Frame(task, group, pool, inner, alone);
    }

    Frame inMonitor() {
        return new Frame(task, group, pool, subscription, true);
    }

    /** What another task of the same group is inside. */
    Frame of(ModelTask other) {
        return new Frame(other, group, pool, null, false);
    }
}
