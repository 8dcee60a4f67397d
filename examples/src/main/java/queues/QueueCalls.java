// What a queue can be asked: to wait for a time or not at all, how full it is, and to say when all work is done.
// Answers Threads, processes, coroutines, asyncio, program 4: get, put_nowait, qsize, empty, full, task_done, join.

import static dev.heddle.Heddle.*;

import dev.heddle.sync.WorkQueue;

void main() {
    run(this::askForEverything);
}

void askForEverything() {
    var queue = WorkQueue.<String>fifo(2);
    IO.println("get with a timeout: " + queue.takeWithin(Duration.ofMillis(100)));
    IO.println("get_nowait: " + queue.tryTake());
    queue.put("a");
    IO.println("put_nowait: " + queue.tryPut("b") + ", then " + queue.tryPut("c"));

    var now = queue.statistics();
    IO.println("qsize " + now.size() + ", empty " + (now.size() == 0) + ", full " + (now.size() == now.capacity()));

    spawn("worker", () -> work(queue));
    queue.awaitAllDone();
    IO.println("join: all is done");
    queue.close(); // and so the worker ends
}

void work(WorkQueue<String> queue) {
    for (String job : queue) {
        sleep(Duration.ofMillis(100));
        IO.println("task_done: " + job);
        queue.taskDone();
    }
}
