package dev.heddle;

import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.LoopRecorder;
import dev.heddle.internal.sight.LoopSight;
import dev.heddle.internal.sight.TaskSight;
import dev.heddle.internal.sight.TaskWalk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kernel as the modules see it that show running programs. */
final class KernelSight extends Kernel {

    @Override
    public List<Loop> loops() {
        return LiveLoops.live();
    }

    @Override
    public LoopSight look(Loop loop) {
        Fiber running = loop.scheduler.runningAsSeenElsewhere();
        return new LoopSight(
                loop.name(),
                loop.engine().name(),
                loop.statistics(),
                loop.scheduler.isAsleep(),
                running == null ? null : running.task,
                loop.scheduler.driverAsSeenElsewhere());
    }

    @Override
    public TaskWalk walk(Loop loop) {
        return new Walk(loop);
    }

    @Override
    public Optional<Task<?>> find(Loop loop, long id) {
        try (TaskWalk walk = walk(loop)) {
            List<TaskSight> slice = walk.next().orElse(List.of());
            while (!slice.isEmpty()) {
                for (TaskSight seen : slice) {
                    if (seen.task().id() == id) {
                        return Optional.of(seen.task());
                    }
                }
                slice = walk.next().orElse(List.of());
            }
            return Optional.empty();
        }
    }

    @Override
    public Runnable instrument(Loop loop, Instrument instrument) {
        loop.scheduler.inLoop(() -> loop.addInstrument(instrument));
        return () -> loop.scheduler.inLoop(() -> loop.removeInstrument(instrument));
    }

    @Override
    protected void labelled(@Nullable String label) {
        Task<?> task = Task.currentOrNull();
        Instrumented told = task == null ? null : task.loop().instrument;
        if (told != null) {
            told.labelled(task, label);
        }
    }

    @Override
    public @Nullable Object note(Task<?> task) {
        return task.note;
    }

    @Override
    public void note(Task<?> task, @Nullable Object note) {
        task.note = note;
    }

    @Override
    public long lastLook(Loop loop) {
        return loop.scheduler.lastLook();
    }

    @Override
    protected Runnable setRecorder(Loop loop, LoopRecorder recorder) {
        loop.scheduler.inLoop(() -> loop.addRecorder(recorder));
        return () -> loop.scheduler.inLoop(loop::removeRecorder);
    }

    @Override
    public @Nullable String givenName(Task<?> task) {
        return task.givenName();
    }

    /**
     * A walk through the tree of scopes that changes between two slices. Bookmarks in the tree keep the place: one
     * before the scope that comes next and one behind each scope around it. When a scope has left the tree meanwhile,
     * with the bookmarks below it, the innermost one that is still in the tree tells where to go on.
     */
    private static final class Walk implements TaskWalk {

        /** Scopes that are looked at in one slice, which takes some tenths of a millisecond. */
        private static final int SLICE = 500;

        private final Loop loop;

        /** The innermost first; empty before the walk and behind it. The loop's, while it is asked. */
        private final Deque<CancelScope> bookmarks = new ArrayDeque<>();

        private boolean begun;

        Walk(Loop loop) {
            this.loop = loop;
        }

        @Override
        public Optional<List<TaskSight>> next() {
            return LoopView.ask(List.of(loop), any -> slice()).stream().findFirst();
        }

        private List<TaskSight> slice() {
            CancelScope top = loop.tasks.scope();
            CancelScope scope = begun ? goOn(top) : top;
            begun = true;
            List<TaskSight> seen = new ArrayList<>();
            // More than one slice where no task was seen, since an empty one means the end.
            for (int looked = 0; scope != null && (looked < SLICE || seen.isEmpty()); looked++) {
                Task<?> task = scope.task;
                if (task != null && task.root == scope) {
                    seen.add(see(task));
                }
                scope = scope.nextBelow(top);
            }
            if (scope != null) {
                keepPlace(scope, top);
            }
            return seen;
        }

        private TaskSight see(Task<?> task) {
            Waiter waiter = task.waiting;
            Task<?> parent = task.root.parentTask();
            return new TaskSight(
                    task,
                    parent == null ? 0 : parent.id(),
                    task.scope.depth() + 1,
                    waiter != null && waiter.isOpen() ? waiter : null,
                    task.isSuspended(),
                    task.age().toNanos(),
                    task.scope.nanosLeft(loop.nanoTime()),
                    task.scope.reasonInTask());
        }

        private void keepPlace(CancelScope next, CancelScope top) {
            bookmarks.add(next.bookmarkBefore());
            for (CancelScope around = next.parentOrSelf(); around != top; around = around.parentOrSelf()) {
                bookmarks.add(around.bookmarkBehind());
            }
        }

        /** Takes the bookmarks out. Returns where the walk goes on; null at its end. */
        private @Nullable CancelScope goOn(CancelScope top) {
            CancelScope next = null;
            boolean found = false;
            while (!bookmarks.isEmpty()) {
                CancelScope bookmark = bookmarks.removeFirst();
                if (!found && bookmark.isBelow(top)) {
                    next = bookmark.nextBelow(top);
                    while (next != null && bookmarks.contains(next)) {
                        next = next.nextBelow(top);
                    }
                    found = true;
                }
                bookmark.unlink();
            }
            return next;
        }

        @Override
        public void close() {
            loop.scheduler.inLoop(() -> goOn(loop.tasks.scope()));
        }
    }
}
