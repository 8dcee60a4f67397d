package dev.heddle;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A chooser of loops for new tasks, where there are several loops.
 *
 * <pre>{@code
 * run(Config.DEFAULT.withLoops(4), () -> {
 *     LoopChooser chooser = LoopChooser.roundRobin(currentLoop().siblings());
 *     List<Task<Page>> pages = uris.stream().map(uri -> chooser.spawn(() -> render(uri))).toList();
 *     ...
 * });
 * }</pre>
 *
 * <p>A task stays on its loop, so what matters is the choice. {@link #roundRobin} is right where tasks are many and
 * alike; {@link #leastTasks} where some live long, such as connections.
 *
 * <p>Threads: any. To test code that uses it, give it loops of the simulator.
 */
public final class LoopChooser {

    private final List<Loop> loops;
    private final boolean least;
    private final AtomicInteger turn = new AtomicInteger();

    /** Tasks that each loop was given and has not counted yet. */
    private final AtomicIntegerArray underWay;

    private LoopChooser(List<Loop> loops, boolean least) {
        this.loops = List.copyOf(loops);
        this.least = least;
        this.underWay = new AtomicIntegerArray(this.loops.size());
        if (this.loops.isEmpty()) {
            throw new IllegalArgumentException("there are no loops to spread over");
        }
    }

    /** One loop after the other, over and over. */
    public static LoopChooser roundRobin(List<Loop> loops) {
        return new LoopChooser(loops, false);
    }

    /** The loop with the fewest tasks that have not ended; of several such, one after the other. */
    public static LoopChooser leastTasks(List<Loop> loops) {
        return new LoopChooser(loops, true);
    }

    /** Starts a task on the loop whose turn it is; that loop owns it, as with {@link Loop#spawn(Callable)}. */
    public <T> Task<T> spawn(Callable<? extends T> body) {
        int index = choose();
        Task<T> task = loops.get(index).spawn(body);
        countUnderWay(index);
        return task;
    }

    /** Starts a task without a result on the loop whose turn it is. */
    public Task<Void> spawn(Action body) {
        int index = choose();
        Task<Void> task = loops.get(index).spawn(body);
        countUnderWay(index);
        return task;
    }

    /** The loop whose turn it is, for other uses. */
    public Loop next() {
        return loops.get(choose());
    }

    private int choose() {
        int start = Math.floorMod(turn.getAndIncrement(), loops.size());
        int best = start;
        if (least) {
            long fewest = load(start);
            for (int i = 1; i < loops.size(); i++) {
                int index = (start + i) % loops.size();
                long load = load(index); // each is on a line of the cache that its loop writes
                best = load < fewest ? index : best;
                fewest = Math.min(load, fewest);
            }
        }
        return best;
    }

    private long load(int index) {
        return loops.get(index).statistics().aliveTasks() + underWay.get(index);
    }

    /**
     * The loop counts a task when it takes it in; until then a burst of spawns would find the same loop the emptiest.
     */
    private void countUnderWay(int index) {
        underWay.incrementAndGet(index);
        if (!loops.get(index).scheduler.inLoop(() -> underWay.decrementAndGet(index))) {
            underWay.decrementAndGet(index);
        }
    }

    @Override
    public String toString() {
        return (least ? "spread by fewest tasks over " : "spread round robin over ") + loops;
    }
}
