// Two processes put into one map, and count together; then two count in memory that both see.
// Answers Threads, processes, coroutines, asyncio, program 24: Manager().dict. Their own variables would not be shared.

import static dev.heddle.Heddle.*;

import dev.heddle.process.JvmProcess;
import dev.heddle.process.SharedLongs;
import dev.heddle.process.shared.Manager;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentMap;

void main() {
    run(this::share);
}

void share() {
    try (Manager manager = Manager.open(); SharedLongs hits = SharedLongs.create(1)) {
        ConcurrentMap<String, Integer> ages = manager.map();
        try (JvmProcess first = JvmProcess.spawn(() -> add(ages, hits, "fank", 25));
                JvmProcess second = JvmProcess.spawn(() -> add(ages, hits, "fank2", 27))) {
            first.join();
            second.join();
        }
        IO.println(new TreeMap<>(ages));
        IO.println("hits: " + hits.get(0));
    }
}

static void add(ConcurrentMap<String, Integer> ages, SharedLongs hits, String name, int age) {
    ages.put(name, age);
    ages.merge("all", age, Integer::sum);
    for (int i = 0; i < 10_000; i++) {
        hits.addAndGet(0, 1);
    }
}
