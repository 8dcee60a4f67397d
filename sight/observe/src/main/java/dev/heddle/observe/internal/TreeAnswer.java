package dev.heddle.observe.internal;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.TaskSight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An answer with the tasks of loops, of which it keeps only those around the last one. */
final class TreeAnswer {

    private final JsonLines out;
    private final Predicate<TaskSight> filter;
    private final int maxDepth;
    private final boolean withLines;

    /** How many tasks may still be told. */
    private long left;

    /** The loop whose tasks come. */
    private String loop = "";

    private long alive;
    private long seen;

    /** Where the last task was spawned, and its words: many tasks in a row are of one line. */
    private @Nullable StackTraceElement spawnedAt;

    private String spawned = "";

    /** The tasks around the one that came last and itself, the outermost first. */
    private final List<Owner> owners = new ArrayList<>();

    /** Used before, for the next that come: a tree is seldom deep, and has a million leaves. */
    private final List<Owner> spare = new ArrayList<>();

    /** A task that may own others. */
    private static final class Owner {
        private TaskSight seen;
        private boolean told;

        /** Those below that are left out because they are too deep. */
        private long hidden;

        Owner(TaskSight seen) {
            this.seen = seen;
        }

        private Owner nowOf(TaskSight next) {
            seen = next;
            told = false;
            hidden = 0;
            return this;
        }
    }

    TreeAnswer(JsonLines out, Predicate<TaskSight> filter, int maxDepth, long max, boolean withLines) {
        this.out = out;
        this.filter = filter;
        this.maxDepth = maxDepth;
        this.left = max;
        this.withLines = withLines;
    }

    /** Tasks of a loop will come. */
    void begin(Loop loop) {
        this.loop = loop.name();
        alive = loop.statistics().aliveTasks();
        seen = 0;
    }

    boolean wantsMore() {
        return left > 0;
    }

    /** The next task, which comes behind its owner. */
    void add(TaskSight task) throws IOException {
        if (left == 0) {
            return;
        }
        seen++;
        long parent = task.parent();
        while (!owners.isEmpty() && owners.getLast().seen.task().id() != parent) {
            leave();
        }
        owners.add(spare.isEmpty() ? new Owner(task) : spare.removeLast().nowOf(task));
        if (!filter.test(task)) {
            return;
        }
        if (owners.size() > maxDepth) {
            owners.get(maxDepth - 1).hidden++;
            return;
        }
        for (int depth = 1; depth <= owners.size() && left > 0; depth++) {
            tell(owners.get(depth - 1), depth, depth < owners.size());
        }
    }

    /** No more tasks of this loop come. */
    void end() throws IOException {
        boolean cut = left == 0 && seen < alive;
        while (!owners.isEmpty()) {
            leave();
        }
        if (cut) {
            out.begin("more").put("loop", loop).put("tasks", alive - seen).end();
        }
    }

    private void leave() throws IOException {
        int depth = owners.size();
        Owner owner = owners.removeLast();
        if (owner.hidden > 0) {
            out.begin("more").put("loop", loop).put("parent", owner.seen.task().id()).put("depth", depth + 1)
                    .put("tasks",
                            owner.hidden)
                    .end();
        }
        spare.add(owner);
    }

    private void tell(Owner owner, int depth, boolean isPath) throws IOException {
        if (owner.told) {
            return;
        }
        owner.told = true;
        left--;
        TaskSight task = owner.seen;
        out.begin("task").put("loop", loop).put("id", task.task().id());
        if (depth > 1) {
            out.put("parent", owners.get(depth - 2).seen.task().id());
        }
        out.put("depth", depth);
        putName(task.task());
        out.put("state", Kernel.get().state(task));
        if (task.group() > 0) {
            out.put("group", task.group());
        }
        putTrue("service", task.service());
        putTrue("path", isPath);
        out.put("age", TimeUnit.NANOSECONDS.toMillis(Kernel.get().ageNanos(task.task())));
        putWait(task);
        putSpawned(Kernel.get().spawnedAt(task.task()));
        if (withLines) {
            out.put("at", TaskLines.at(task.task()));
        }
        if (task.deadlineNanos() >= 0) {
            out.put("deadline", TimeUnit.NANOSECONDS.toMillis(task.deadlineNanos()));
        }
        if (task.cancelReason() != null) {
            out.put("cancelled", task.cancelReason()).put("cancelledFor",
                    TimeUnit.NANOSECONDS.toMillis(task.cancelledNanos()));
        }
        out.end();
    }

    private void putWait(TaskSight task) {
        if (!task.suspended()) {
            return;
        }
        long waited = Kernel.get().waitedNanos(task.task());
        if (waited >= 0) {
            out.put("waited", TimeUnit.NANOSECONDS.toMillis(waited));
        }
        out.put("for", Kernel.get().waitingFor(task));
        List<String> holders = Kernel.get().holders(task);
        if (!holders.isEmpty()) {
            out.beginList("holders");
            holders.forEach(out::item);
            out.endList();
        }
        long process = Kernel.get().process(task);
        if (process != 0) {
            out.put("pid", process);
        }
    }

    /** The name; of a task without one what {@link Task#name} makes, which is not made for each of a million. */
    private void putName(Task<?> task) {
        String given = Kernel.get().givenName(task);
        if (given == null) {
            out.put("name", "task-", task.id());
        } else {
            out.put("name", given);
        }
    }

    private void putSpawned(@Nullable StackTraceElement at) {
        if (at == null) {
            return;
        }
        if (at != spawnedAt && !at.equals(spawnedAt)) {
            spawnedAt = at;
            spawned = at.toString();
        }
        out.put("spawned", spawned);
    }

    private void putTrue(String name, boolean value) {
        if (value) {
            out.put(name, true);
        }
    }
}
