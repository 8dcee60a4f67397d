// A producer and a consumer in two processes: over a queue, over a queue that a pool uses, and over a pipe.
// Answers Threads, processes, coroutines, asyncio, programs 21 to 23: multiprocessing.Queue, Manager().queue and Pipe.

import static dev.heddle.Heddle.*;

import dev.heddle.process.JvmProcess;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.shared.Manager;
import dev.heddle.process.shared.PipeEnd;
import dev.heddle.process.shared.SharedQueue;

void main() {
    run(this::talk);
}

void talk() {
    try (Manager manager = Manager.open()) {
        SharedQueue<String> queue = manager.queue(10);
        try (JvmProcess producer = JvmProcess.spawn(() -> produce(queue));
                JvmProcess consumer = JvmProcess.spawn(() -> consume(queue))) {
            IO.println("the two ended with " + producer.join() + " and " + consumer.join());
        }

        SharedQueue<Integer> numbers = manager.queue(10);
        try (ProcessPool pool = ProcessPool.of(2)) {                 // the same queue works in a pool
            pool.map(List.of(1, 2, 3), n -> put(numbers, n * n));
        }
        numbers.close();
        int sum = 0;
        for (int square : numbers) {
            sum += square;
        }
        IO.println("the squares are " + sum);

        var pipe = manager.<String>pipe();
        try (JvmProcess sender = JvmProcess.spawn(() -> send(pipe.first()));
                JvmProcess receiver = JvmProcess.spawn(() -> receive(pipe.second()))) {
            IO.println("the two ended with " + sender.join() + " and " + receiver.join());
        }
    }
}

static void produce(SharedQueue<String> queue) {
    queue.put("a");
}

static void consume(SharedQueue<String> queue) {
    IO.println("got " + queue.take() + " from the queue");
}

static boolean put(SharedQueue<Integer> numbers, int n) {
    numbers.put(n);
    return true;
}

static void send(PipeEnd<String> end) {
    end.send("b");
    end.close();
}

static void receive(PipeEnd<String> end) {
    for (String each : end) {
        IO.println("got " + each + " from the pipe");
    }
    IO.println("the other end is closed");
}
