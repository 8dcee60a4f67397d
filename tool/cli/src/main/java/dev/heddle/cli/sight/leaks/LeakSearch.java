package dev.heddle.cli.sight.leaks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for waits that nothing can end any more, as the garbage collector of Go 1.26 looks for leaked goroutines.
 *
 * <p>A wait ends when its {@code Waiter} is completed, so whoever could end it has a way to that waiter: by the
 * channel, the lock, the promise in which the waiter stands. Alive to begin with are static fields, what native code
 * has, and all threads but those that wait for a waiter without a limit. From there the references are followed. Where
 * they come to the waiter of a thread, and from it to that thread, it may go on one day, so that its frames are
 * followed as well. Threads to which none leads are leaked: only a cancel could still end their waits. Of cancels those
 * count that come by themselves, at the end of a race or of a group with services, and those of who keeps the task or
 * its scope.
 *
 * <p>The references by which the kernel knows its tasks are left out ({@link Edges}), or each would be reached. What
 * the frames refer to of which no dump tells, those of suspended generators and what optimized code keeps in pieces, is
 * alive if nothing else leads to it; the garbage collector has left it, so something does.
 *
 * <p>Threads: one.
 */
public final class LeakSearch {

    private static final String TASK = "dev.heddle.Task";
    private static final String WAITER = "dev.heddle.Waiter";
    private static final String SCOPE = "dev.heddle.CancelScope";
    private static final String FIBER = "dev.heddle.Fiber";
    private static final String GROUP = "dev.heddle.TaskGroup";
    private static final String LOOP = "dev.heddle.Loop";
    private static final String RACE = "dev.heddle.Combinators$Race";
    private static final String CANCEL_ONLY = "dev.heddle.internal.CancelOnly";
    private static final String SUSPENDABLE = "dev.heddle.internal.Suspendable";
    private static final String THREAD = "java.lang.Thread";
    private static final String HOLDER = "java.lang.Thread$FieldHolder";
    static final String VIRTUAL = "java.lang.VirtualThread";
    private static final String CONTINUATION = "jdk.internal.vm.Continuation";
    private static final String CHUNK = "jdk.internal.vm.StackChunk";

    /** States of a virtual thread that waits, as JDK 25 has them: unmounted, or with its carrier. */
    static final int PARKED = 4;

    static final int PINNED = 5;

    /** Of the state that JVM TI gives a platform thread: it waits without a limit. */
    private static final int WAITING_INDEFINITELY = 0x10;

    /** An open wait. */
    private static final int OPEN = 0;

    /** Of the facts of a scope. */
    private static final int EXPIRED = 1;

    /** The mark of what something leads to that may go on. */
    private static final byte ALIVE = 1;

    /** The mark of what anything leads to. */
    private static final byte SEEN = 2;

    /** The mark of scopes, tasks that wait without a limit, their fibers and their threads: see {@link Edges}. */
    private static final byte OTHER = 4;

    /** The mark of those threads, whose frames are to be followed once they are alive. */
    private static final byte WAITING = 8;

    /** The mark of what ends waits by itself when it is over, so that these are alive once it is. */
    private static final byte ENDER = 16;

    /** The mark of races. */
    private static final byte OF_RACE = 32;

    /**
     * What was found.
     *
     * @param threads the numbers of the threads that are leaked, tasks' as well
     * @param waiting how many threads wait without a limit, leaked or not
     * @param objects how many objects were looked at
     * @param generators how many suspended generators and coroutines are alive, of whose frames no dump tells
     */
    public record Leaks(List<Long> threads, int waiting, int objects, int generators) {

        public Leaks {
            threads = List.copyOf(threads);
        }
    }

    private final Heap heap;
    private final PlaceTable objects;

    private final Map<Long, HeapThread> threads = new HashMap<>();

    /** The threads that wait without a limit. */
    private final Map<Long, HeapThread> waiting = new LinkedHashMap<>();

    /** The waiters that they wait for. One that is not awaited yet refers to who made it, and cannot wake him. */
    private final Map<Long, Long> waiters = new HashMap<>();

    /** Of them those whose waits a race ends, or a group that they serve, by that. */
    private final Map<Long, LongList> ended = new HashMap<>();

    /** Slots of objects that were reached, and whose references are to be followed. */
    private final LongList reached = new LongList();

    private LeakSearch(Heap heap) {
        this.heap = heap;
        this.objects = heap.objects();
    }

    /**
     * Searches a heap dump that has only what the garbage collector left. Its file may have been deleted.
     *
     * @throws IOException if it is none, is cut off or damaged, has too many objects, or is of another version
     */
    public static Leaks search(FileChannel dump) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return search(dump.map(MapMode.READ_ONLY, 0, dump.size(), arena));
        }
    }

    /** The same of a file that is mapped. */
    static Leaks search(MemorySegment dump) throws IOException {
        return new LeakSearch(Heap.of(dump, Set.of(TASK, SCOPE, RACE, SUSPENDABLE))).search();
    }

    private Leaks search() throws IOException {
        findWaiting();
        heap.roots().forEach(id -> reach(id, ALIVE));
        for (HeapThread thread : heap.threads()) {
            if (!waiting.containsKey(thread.id())) {
                reach(thread.id(), ALIVE);
                reachFrames(thread);
            }
        }
        followAlive();
        reachHidden();
        followAlive();
        List<Long> leaked = new ArrayList<>();
        for (long thread : waiting.keySet()) {
            if (!isAlive(thread)) {
                leaked.add(heap.value(thread, THREAD, "tid", Long.BYTES));
            }
        }
        return new Leaks(leaked, waiting.size(), heap.size(), suspended());
    }

    // ---- who waits ----

    private void findWaiting() throws IOException {
        for (HeapThread thread : heap.threads()) {
            threads.put(thread.id(), thread);
            if (isWaitingOutside(thread.id())) {
                addWaiting(thread, heap.reference(thread.id(), THREAD, "parkBlocker"));
            }
        }
        heap.found(SCOPE).forEach(scope -> flag(scope, OTHER));
        heap.found(RACE).forEach(race -> flag(race, OF_RACE));
        LongList tasks = heap.found(TASK);
        for (int i = 0; i < tasks.size(); i++) {
            long task = tasks.get(i);
            HeapThread thread = threadOf(task);
            long waiter = heap.reference(task, TASK, "waiting");
            if (thread != null && isParked(thread.id()) && isOpen(waiter) && !isLimited(task, thread)) {
                addWaiting(thread, waiter);
                flag(task, OTHER);
                flag(heap.reference(task, TASK, "fiber"), OTHER);
            }
        }
    }

    private @Nullable HeapThread threadOf(long task) throws IOException {
        long fiber = heap.reference(task, TASK, "fiber");
        return fiber == 0 ? null : threads.get(heap.reference(fiber, FIBER, "thread"));
    }

    private void addWaiting(HeapThread thread, long waiter) {
        waiting.put(thread.id(), thread);
        waiters.put(thread.id(), waiter);
        flag(thread.id(), OTHER | WAITING);
    }

    private void flag(long id, int flags) {
        int slot = objects.slot(id);
        if (slot >= 0) {
            objects.mark(slot, (byte) (objects.mark(slot) | flags));
        }
    }

    /** Whether a thread that is no task's waits for a waiter, and without a limit. */
    private boolean isWaitingOutside(long thread) throws IOException {
        HeapClass type = heap.type(thread);
        if (type == null || !type.is(THREAD) || !isOpen(heap.reference(thread, THREAD, "parkBlocker"))) {
            return false;
        }
        if (type.is(VIRTUAL)) {
            return isParked(thread);
        }
        long holder = heap.reference(thread, THREAD, "holder");
        return (heap.value(holder, HOLDER, "threadStatus", Integer.BYTES) & WAITING_INDEFINITELY) != 0;
    }

    private boolean isParked(long thread) throws IOException {
        long state = heap.value(thread, VIRTUAL, "state", Integer.BYTES);
        return (state == PARKED || state == PINNED) && heap.value(thread, VIRTUAL, "parkPermit", 1) == 0;
    }

    /** Whether an object is a waiter that nobody has completed, and somebody shall. */
    private boolean isOpen(long waiter) throws IOException {
        return isA(waiter, WAITER) && heap.value(waiter, WAITER, "state", Integer.BYTES) == OPEN
                && !isA(heap.reference(waiter, WAITER, "waitingFor"), CANCEL_ONLY);
    }

    private boolean isA(long id, String name) throws IOException {
        HeapClass type = heap.type(id);
        return type != null && type.name().equals(name);
    }

    /** The group whose end ends those of another; 0 for none, as for services of a loop, which lives on. */
    private long servedBy(long group) throws IOException {
        long served = heap.reference(group, GROUP, "serviceOf");
        return served == 0 || served == heap.reference(heap.reference(group, GROUP, "loop"), LOOP, "tasks")
                ? 0
                : served;
    }

    private boolean hasExpired(long scope) throws IOException {
        return (heap.value(scope, SCOPE, "facts", 1) & EXPIRED) != 0;
    }

    /**
     * Whether a task is cancelled, or will be by a deadline. If not, it is noted what ends its wait by itself: the end
     * of a race, or that of the group that it serves.
     */
    private boolean isLimited(long task, HeapThread thread) throws IOException {
        long scope = heap.reference(task, TASK, "scope");
        if (heap.reference(scope, SCOPE, "cancel") != 0) {
            return true;
        }
        boolean shielded = false;
        for (int steps = 0; scope != 0 && !shielded && steps < heap.size(); steps++) {
            if (heap.reference(scope, SCOPE, "deadline") != 0 || hasExpired(scope)) {
                return true;
            }
            long inside = heap.reference(scope, SCOPE, "task");
            if (inside != 0) {
                long owner = heap.reference(inside, TASK, "owner");
                endedBy(servedBy(owner), thread);
                endedBy(raceOf(threadOf(inside), owner), thread);
            }
            shielded = heap.value(scope, SCOPE, "shield", 1) != 0;
            scope = heap.reference(scope, SCOPE, "parent");
        }
        return false;
    }

    /** The race that a task runs in: its frames know that and their group. 0 for none. */
    private long raceOf(@Nullable HeapThread thread, long owner) {
        LongList locals = thread == null ? new LongList() : thread.locals();
        long race = 0;
        boolean inGroup = false;
        for (int i = 0; i < locals.size(); i++) {
            race = isMarked(locals.get(i), OF_RACE) ? locals.get(i) : race;
            inGroup |= locals.get(i) == owner;
        }
        return inGroup ? race : 0;
    }

    private void endedBy(long ender, HeapThread thread) {
        if (ender != 0) {
            flag(ender, ENDER);
            ended.computeIfAbsent(ender, any -> new LongList()).add(thread.id());
        }
    }

    // ---- what is alive ----

    private void reach(long id, byte how) {
        int slot = objects.slot(id);
        if (slot >= 0 && (objects.mark(slot) & how) == 0) {
            objects.mark(slot, (byte) (objects.mark(slot) | how));
            reached.add(slot);
        }
    }

    /** A thread may go on, so what its frames refer to is alive. */
    private void reachFrames(HeapThread thread) {
        thread.locals().forEach(id -> reach(id, ALIVE));
        thread.kernels().forEach(id -> {
            if (!isOther(id)) {
                reach(id, ALIVE);
            }
        });
    }

    private boolean isOther(long id) {
        return isMarked(id, OTHER);
    }

    private boolean isAlive(long id) {
        return isMarked(id, ALIVE);
    }

    private boolean isMarked(long id, byte mark) {
        int slot = objects.slot(id);
        return slot >= 0 && (objects.mark(slot) & mark) != 0;
    }

    private void followAlive() throws IOException {
        while (reached.size() > 0) {
            int slot = (int) reached.removeLast();
            heap.references(slot, (id, edge) -> {
                boolean leads = switch (edge) {
                    case Edges.FOLLOWED -> true;
                    case Edges.TO_OTHER -> !isOther(id);
                    case Edges.TO_WAITING -> wakes(objects.id(slot), id);
                    default -> false;
                };
                if (leads) {
                    reach(id, ALIVE);
                }
            });
            if ((objects.mark(slot) & WAITING) != 0) {
                reachFrames(Objects.requireNonNull(waiting.get(objects.id(slot))));
            }
            if ((objects.mark(slot) & ENDER) != 0) {
                Objects.requireNonNull(ended.get(objects.id(slot))).forEach(thread -> reach(thread, ALIVE));
            }
        }
    }

    /** Whether the thread of a waiter waits for this one, as far as it is known for which it waits. */
    private boolean wakes(long waiter, long thread) {
        Long awaited = waiters.get(thread);
        return awaited == null || awaited == waiter;
    }

    /**
     * Has all be alive to which nothing leads, not even the frames of those that wait: the garbage collector has left
     * it, so something does of which a dump does not tell.
     */
    private void reachHidden() throws IOException {
        heap.roots().forEach(id -> reach(id, SEEN));
        for (HeapThread thread : heap.threads()) {
            reach(thread.id(), SEEN);
            thread.locals().forEach(id -> reach(id, SEEN));
            thread.kernels().forEach(id -> reach(id, SEEN));
        }
        while (reached.size() > 0) {
            heap.references((int) reached.removeLast(), (id, edge) -> reach(id, SEEN));
        }
        for (int slot = 0; slot < objects.slots(); slot++) {
            if (objects.id(slot) != 0 && (objects.mark(slot) & (SEEN | ALIVE)) == 0) {
                reach(objects.id(slot), ALIVE);
            }
        }
    }

    /** How many generators and coroutines are alive and suspended. */
    private int suspended() throws IOException {
        LongList all = heap.found(SUSPENDABLE);
        int suspended = 0;
        for (int i = 0; i < all.size(); i++) {
            long chunk = heap.reference(all.get(i), CONTINUATION, "tail");
            if (isAlive(all.get(i)) && chunk != 0
                    && heap.value(chunk, CHUNK, "sp", Integer.BYTES) != heap.value(chunk, CHUNK, "bottom",
                            Integer.BYTES)) {
                suspended++;
            }
        }
        return suspended;
    }
}
