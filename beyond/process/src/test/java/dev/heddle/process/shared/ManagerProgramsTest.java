package dev.heddle.process.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.process.ProcessPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The programs that people write first with Python's multiprocessing: a queue, a pipe, a dictionary between two
 * processes.
 */
@Tag("full")
final class ManagerProgramsTest {

    private static ProcessPool pool() {
        return ProcessPool.of(InChildren.QUIET.withWorkers(2));
    }

    private static void producer(SharedQueue<String> queue) {
        queue.put("a");
    }

    private static String consumer(SharedQueue<String> queue) {
        return queue.take();
    }

    @Test
    void producerAndAConsumerShareAQueue() throws Exception {
        try (Manager manager = Manager.open(); ProcessPool pool = pool()) {
            SharedQueue<String> queue = manager.queue(10);
            Future<String> consumed = pool.submit(() -> consumer(queue));
            pool.run(() -> producer(queue));
            assertEquals("a", consumed.get());
        }
    }

    @Test
    void pipeConnectsTwoProcesses() throws Exception {
        try (Manager manager = Manager.open(); ProcessPool pool = pool()) {
            Pipe<String> pipe = manager.pipe();
            PipeEnd<String> receiver = pipe.first();
            PipeEnd<String> sender = pipe.second();
            Future<List<String>> received = pool.submit(() -> {
                List<String> all = new ArrayList<>();
                receiver.forEach(all::add);
                return all;
            });
            pool.run(() -> {
                try (sender) {
                    sender.send("a");
                    sender.send("b");
                }
            });
            assertEquals(List.of("a", "b"), received.get());
        }
    }

    @Test
    void twoProcessesAddToADictionary() throws Exception {
        try (Manager manager = Manager.open(); ProcessPool pool = pool()) {
            ConcurrentMap<String, Integer> dictionary = manager.map();
            Future<Integer> first = pool.submit(() -> dictionary.put("f", 25));
            Future<Integer> second = pool.submit(() -> dictionary.put("f2", 26));
            first.get();
            second.get();
            assertEquals(Map.of("f", 25, "f2", 26), dictionary);
        }
    }

    @Test
    void workersTakeJobsUntilTheQueueIsClosedAndPutResultsIntoAList() throws Exception {
        try (Manager manager = Manager.open(); ProcessPool pool = pool()) {
            SharedQueue<Integer> jobs = manager.queue(100);
            List<Integer> results = manager.list();
            SharedMutex mutex = manager.mutex();
            SharedCounter shared = manager.counter();
            List<Future<Boolean>> workers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                workers.add(pool.submit(() -> {
                    for (int job : jobs) {
                        results.add(job * job);
                        mutex.run(() -> shared.set(shared.get() + job));
                        jobs.taskDone();
                    }
                    return true;
                }));
            }
            for (int i = 1; i <= 100; i++) {
                jobs.put(i);
            }
            jobs.awaitAllDone();
            jobs.close();
            for (Future<Boolean> worker : workers) {
                assertTrue(worker.get());
            }
            assertEquals(5_050, shared.get());
            assertEquals(100, results.size());
            assertTrue(results.contains(10_000));
        }
    }
}
