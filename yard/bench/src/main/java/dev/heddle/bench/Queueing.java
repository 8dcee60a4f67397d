package dev.heddle.bench;

import dev.heddle.process.ProcessPool;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.process.shared.Manager;
import dev.heddle.process.shared.SharedQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/** Numbers that go from process to process, through a queue that all of them know. */
final class Queueing {

    private static final int BOUND = 1_000;
    private static final int MANY = 1_000_000;
    private static final int FEWER = 100_000;
    private static final int FEW = 30_000;
    private static final int QUESTIONS = 5_000;
    private static final int PRODUCERS = 2;

    /** Half a million a second. */
    private static final double HALF_A_MILLION = 2_000;

    private Queueing() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "process-queue",
                        "One process puts numbers, another takes them; a bound of 1,000, CPython's SimpleQueue has what its pipe holds",
                        6,
                        11,
                        List.of(new Measure("time of an item", "ns", Target.atMost(HALF_A_MILLION))),
                        List.of(
                                Python.queue("Queue", "one", FEWER),
                                Python.queue("SimpleQueue", "one", FEWER),
                                Side.ours("Heddle SharedQueue", One::new))),
                new Benchmark(
                        "process-queue-many",
                        "Two processes put numbers, two others take them",
                        6,
                        11,
                        List.of(new Measure("time of an item", "ns", Target.atMost(HALF_A_MILLION))),
                        List.of(
                                Python.queue("Queue", "many", FEW),
                                Python.queue("SimpleQueue", "many", FEW),
                                Side.ours("Heddle SharedQueue", Many::new))),
                new Benchmark(
                        "process-queue-question",
                        "A number goes to another process and comes back through a second queue, one after the other",
                        6,
                        11,
                        List.of(new Measure("time of a question", "ns")),
                        List.of(
                                Python.queue("Queue", "question", QUESTIONS),
                                Python.queue("SimpleQueue", "question", QUESTIONS),
                                Side.ours("Heddle SharedQueue", Question::new))));
    }

    /** A manager with two queues, and the children that use them for all rounds. */
    private abstract static class Queued implements Workload {

        private final Manager manager = Manager.open();
        private final ProcessPool children;
        final SharedQueue<Integer> items = manager.queue(BOUND);
        final SharedQueue<Integer> back = manager.queue(BOUND);
        final SharedQueue<Integer> putting = manager.queue(BOUND);
        final SharedQueue<Integer> taking = manager.queue(BOUND);
        private final List<Future<?>> bodies = new ArrayList<>();
        private final int count;

        Queued(int count, int children) {
            this.count = count;
            this.children = ProcessPool.of(ProcessPoolOptions.DEFAULT.withWorkers(children));
        }

        /** Has a child take so many whenever it is told to, and say so. */
        final void consume(int each) {
            SharedQueue<Integer> from = items;
            SharedQueue<Integer> starts = taking;
            SharedQueue<Integer> done = back;
            bodies.add(children.submit(() -> {
                while (true) {
                    starts.take();
                    for (int i = 0; i < each; i++) {
                        from.take();
                    }
                    done.put(each);
                }
            }));
        }

        /** Has a child put so many whenever it is told to. */
        final void produce(int each) {
            SharedQueue<Integer> to = items;
            SharedQueue<Integer> starts = putting;
            bodies.add(children.submit(() -> {
                while (true) {
                    starts.take();
                    putAll(to, each);
                }
            }));
        }

        /** Has a child send everything back. */
        final void answer() {
            SharedQueue<Integer> from = items;
            SharedQueue<Integer> to = back;
            bodies.add(children.submit(() -> {
                while (true) {
                    to.put(from.take());
                }
            }));
        }

        abstract void work();

        @Override
        public double[] round() {
            long start = System.nanoTime();
            work();
            return new double[]{(double) (System.nanoTime() - start) / count};
        }

        @Override
        public void close() {
            children.terminate();
            children.close();
            manager.close();
        }
    }

    private static void putAll(SharedQueue<Integer> queue, int count) {
        for (int i = 0; i < count; i++) {
            queue.put(i);
        }
    }

    private static final class One extends Queued {

        One() {
            super(MANY, 1);
            consume(MANY);
        }

        @Override
        void work() {
            taking.put(1);
            putAll(items, MANY);
            back.take();
        }
    }

    private static final class Many extends Queued {

        Many() {
            super(MANY, 2 * PRODUCERS);
            for (int i = 0; i < PRODUCERS; i++) {
                produce(MANY / PRODUCERS);
                consume(MANY / PRODUCERS);
            }
        }

        @Override
        void work() {
            for (int i = 0; i < PRODUCERS; i++) {
                taking.put(i);
                putting.put(i);
            }
            for (int i = 0; i < PRODUCERS; i++) {
                back.take();
            }
        }
    }

    private static final class Question extends Queued {

        Question() {
            super(QUESTIONS, 1);
            answer();
        }

        @Override
        void work() {
            for (int i = 0; i < QUESTIONS; i++) {
                items.put(i);
                back.take();
            }
        }
    }
}
