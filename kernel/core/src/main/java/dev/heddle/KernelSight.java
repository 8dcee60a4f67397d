package dev.heddle;

import dev.heddle.internal.UserWords;
import dev.heddle.internal.diagnosis.LoopView;
import dev.heddle.internal.diagnosis.LoopWalk;
import dev.heddle.internal.diagnosis.WaitTexts;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.LoopRecorder;
import dev.heddle.internal.sight.LoopSight;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import dev.heddle.internal.sight.TaskSight;
import dev.heddle.internal.sight.TaskWalk;
import dev.heddle.internal.sight.Waits;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
        return new AllTasks(loop);
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
    public Waits waits(int most, boolean all) {
        return WaitTexts.waits(LiveLoops.live(), most, all, Set.of());
    }

    @Override
    public Waits waits(Set<Long> threads) {
        return WaitTexts.waits(LiveLoops.live(), Integer.MAX_VALUE, true, threads);
    }

    @Override
    public String state(TaskSight seen) {
        if (seen.waiter() != null) {
            return "waiting";
        }
        return seen.suspended() ? "foreign" : seen.task().state() == Task.State.PENDING ? "pending" : "ready";
    }

    @Override
    public String waitingFor(TaskSight seen) {
        return seen.waiter() != null ? UserWords.of(seen.waiter()) : seen.task().waitingFor().orElse("");
    }

    @Override
    public List<String> holders(TaskSight seen) {
        return WaitTexts.holders(seen.waiter());
    }

    @Override
    public long process(TaskSight seen) {
        return seen.waiter() == null ? 0 : WaitTexts.processOf(seen.waiter().waitingFor());
    }

    @Override
    public Runnable instrument(Loop loop, Instrument instrument) {
        Instrumented.prepare();
        loop.scheduler.inLoop(() -> loop.addInstrument(instrument));
        return () -> loop.scheduler.inLoop(() -> loop.removeInstrument(instrument));
    }

    @Override
    public Map<Thread, Task<?>> bodies(Loop loop) {
        Map<Thread, Task<?>> bodies = new HashMap<>();
        VarHandle.fullFence(); // a body that is not seen yet to run sees a watch that is set already
        OffloadThreads.addBodies(bodies);
        for (Part<?> part : Parts.all()) {
            if (part.get() instanceof WorkerPool pool) {
                pool.threads.addBodies(bodies);
            }
        }
        bodies.values().removeIf(task -> task.loop() != loop);
        return bodies;
    }

    @Override
    public @Nullable String labelOf(Task<?> task) {
        return task.label();
    }

    @Override
    protected void labelled(@Nullable String label) {
        Task<?> task = Task.currentOrNull();
        if (task == null) {
            return;
        }
        task.label(label);
        Loop loop = task.loop();
        if (loop.recorder != null) {
            loop.recorder.labelled(label);
        }
        if (loop.instrument != null) {
            loop.instrument.labelled(task, label);
        }
    }

    @Override
    public @Nullable Object waitsFor(Task<?> task) {
        return task.waiting;
    }

    @Override
    public long waitedNanos(Waiter waiter) {
        Fiber fiber = waiter.fiber();
        return fiber == null ? -1 : fiber.task == null ? fiber.suspendedNanos() : fiber.task.waitedNanos();
    }

    @Override
    public long waitedNanos(Task<?> task) {
        return task.waitedNanos();
    }

    @Override
    public long ageNanos(Task<?> task) {
        return task.ageNanos();
    }

    @Override
    public @Nullable StackTraceElement spawnedAt(Task<?> task) {
        return task.spawnedAtOrNull();
    }

    @Override
    protected long stopNanos(Loop loop) {
        return loop.end.forOrder();
    }

    @Override
    protected long stopNanosInAll(Loop loop) {
        return loop.end.allForOrder();
    }

    @Override
    public long parent(Task<?> task) {
        Task<?> parent = task.root().parentTask();
        return parent == null ? 0 : parent.id();
    }

    @Override
    public int group(Task<?> task) {
        return task.root().parentOrSelf().groupDepth();
    }

    @Override
    public @Nullable Thread thread(Task<?> task) {
        return task.thread();
    }

    @Override
    public boolean isService(Task<?> task) {
        return task.root().parentOrSelf().isGroupOfServices();
    }

    @Override
    public Task<Void> spawnService(Loop loop, String name, Action body) {
        return loop.tasks.spawnServiceAs(name, body);
    }

    @Override
    public @Nullable Object note(Task<?> task) {
        return task.note();
    }

    @Override
    public void note(Task<?> task, @Nullable Object note) {
        task.note(note);
    }

    @Override
    public long lastLook(Loop loop) {
        return loop.scheduler.lastLook();
    }

    @Override
    protected Runnable setRecorder(Loop loop, LoopRecorder recorder) {
        loop.scheduler.inLoop(() -> loop.recorder = recorder);
        return () -> loop.scheduler.inLoop(() -> loop.recorder = null);
    }

    @Override
    public @Nullable Task<?> served() {
        return Task.servedOrNull();
    }

    @Override
    public @Nullable String givenName(Task<?> task) {
        return task.givenName();
    }

    private static TaskSight see(Task<?> task) {
        Waiter waiter = task.waiting;
        return new TaskSight(
                task,
                task.scope.depth() + 1,
                waiter != null && waiter.isOpen() ? waiter : null,
                task.isSuspended(),
                limits(task));
    }

    private static TaskSight.@Nullable Limits limits(Task<?> task) {
        CancelScope scope = task.scope;
        long left = scope.nanosLeft(task.loop().nanoTime());
        String reason = scope.reasonInTask();
        return left < 0 && reason == null ? null : new TaskSight.Limits(left, reason, scope.nanosCancelled());
    }

    /** A walk that tells all tasks. */
    private static final class AllTasks implements TaskWalk {

        private final Walk<TaskSight> walk;

        AllTasks(Loop loop) {
            this.walk = new Walk<>(loop, KernelSight::see);
        }

        @Override
        public Optional<List<TaskSight>> next() {
            Optional<List<TaskSight>> slice = walk.next();
            while (slice.isPresent() && slice.get().isEmpty() && !walk.isOver()) {
                slice = walk.next();
            }
            return slice;
        }

        @Override
        public void close() {
            walk.close();
        }
    }

    /**
     * A walk through the tree of scopes that changes between two slices. Bookmarks in the tree keep the place: one
     * before the scope that comes next and one behind each scope around it. When a scope has left the tree meanwhile,
     * with the bookmarks below it, the innermost one that is still in the tree tells where to go on.
     */
    static final class Walk<T> implements LoopWalk<T> {

        /** Scopes that are looked at in one slice, which takes some tenths of a millisecond. */
        private static final int SLICE = 500;

        /** A slice ends when it has taken so long, so that nobody who waits for the loop notices it. */
        private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

        /** After so many scopes a slice looks at the clock. */
        private static final int CLOCK_EVERY = 32;

        private final Loop loop;
        private final Function<Task<?>, @Nullable T> look;

        /** The innermost first; empty before the walk and behind it. The loop's, while it is asked. */
        private final Deque<CancelScope> bookmarks = new ArrayDeque<>();

        private boolean begun;
        private volatile boolean over;

        /** @param look what to tell of a task; null for nothing. On the loop */
        Walk(Loop loop, Function<Task<?>, @Nullable T> look) {
            this.loop = loop;
            this.look = look;
        }

        @Override
        public Optional<List<T>> next() {
            return LoopView.ask(List.of(loop), any -> slice()).stream().findFirst();
        }

        @Override
        public boolean isOver() {
            return over;
        }

        private List<T> slice() {
            CancelScope top = loop.tasks.scope();
            CancelScope scope = begun ? goOn(top) : top;
            begun = true;
            List<T> seen = new ArrayList<>(SLICE);
            long end = loop.nanoTime() + SLICE_NANOS;
            for (int looked = 0; scope != null && looked < SLICE; looked++) {
                if (looked > 0 && looked % CLOCK_EVERY == 0 && loop.nanoTime() - end >= 0) {
                    break;
                }
                Task<?> task = scope.task;
                T told = task != null && scope.isRootOfTask() ? look.apply(task) : null;
                if (told != null) {
                    seen.add(told);
                }
                scope = scope.nextBelow(top);
            }
            if (scope == null) {
                over = true;
            } else {
                keepPlace(scope, top);
            }
            return seen;
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
