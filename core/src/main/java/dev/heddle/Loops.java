package dev.heddle;

import dev.heddle.internal.VirtualThreads;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The loops of this process that have not ended. */
final class Loops {

    private static final Set<Loop> LIVE = ConcurrentHashMap.newKeySet();

    static {
        VirtualThreads.listWith(Loops::threadsOfTasks);
    }

    private Loops() {}

    static void add(Loop loop) {
        LIVE.add(loop);
    }

    static void remove(Loop loop) {
        LIVE.remove(loop);
    }

    /** All of them, by their names. */
    static List<Loop> live() {
        List<Loop> loops = new ArrayList<>(LIVE);
        loops.sort(Comparator.comparing(Loop::name));
        return loops;
    }

    /** For a tool of the JDK, on a thread of its own. */
    private static List<Thread> threadsOfTasks() {
        List<Thread> threads = new ArrayList<>();
        for (LoopView view : LoopView.ask(live())) {
            threads.addAll(view.threads());
        }
        return threads;
    }
}
