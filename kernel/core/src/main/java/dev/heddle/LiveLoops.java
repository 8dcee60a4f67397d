package dev.heddle;

import dev.heddle.internal.sight.Events;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.Observer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The loops of this process that have not ended. */
final class LiveLoops {

    private static final Set<Loop> LIVE = ConcurrentHashMap.newKeySet();

    private LiveLoops() {}

    static {
        Kernel.install(new KernelSight());
    }

    static void add(Loop loop) {
        LIVE.add(loop);
        Kernel.loopBegins(loop);
        if (!loop.engine().isSimulated()) {
            Observer.loopBegins();
            Events heard = Events.heard();
            if (heard != null) {
                heard.loopBegins(loop);
            }
        }
    }

    static void remove(Loop loop) {
        LIVE.remove(loop);
    }

    /** How a thread that is no task's reaches one, where there is a loop to reach; for a message. */
    static String wayIn() {
        return LIVE.isEmpty()
                ? ""
                : "; a thread of another kind, such as a fork of a StructuredTaskScope or one of supplyAsync, hands it to a"
                        + " loop: loop.spawn(() -> ...).join(), where a task has called currentLoop() before;"
                        + " a fork is a task itself with cf.withThreadFactory(Heddle.threadFactory())";
    }

    /** All of them, by their names. */
    static List<Loop> live() {
        List<Loop> loops = new ArrayList<>(LIVE);
        loops.sort(Comparator.comparing(Loop::name));
        return loops;
    }
}
