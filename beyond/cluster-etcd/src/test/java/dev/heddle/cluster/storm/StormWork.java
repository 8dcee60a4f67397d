package dev.heddle.cluster.storm;

import dev.heddle.cluster.ClusterPool;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the nodes do in their child processes. */
final class StormWork {

    private static final Map<String, Journal> JOURNALS = new ConcurrentHashMap<>();

    private StormWork() {}

    /** Says in a journal that it runs, takes its time, and gives what {@link #answer} says. */
    static int body(String folder, String run, int item, int micros) throws InterruptedException {
        String node = ClusterPool.node();
        JOURNALS.computeIfAbsent(folder, each -> new Journal(Path.of(each), "bodies", node))
                .write(run, item, ClusterPool.attempt(), node);
        Thread.sleep(micros / 1000, micros % 1000 * 1000);
        return answer(item);
    }

    static int answer(int item) {
        return item * 31 + 7;
    }
}
