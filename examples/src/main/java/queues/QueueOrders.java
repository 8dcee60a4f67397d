// Three queues that differ in which element comes next: the oldest, the newest, the smallest.
// Answers Threads and coroutines, programs 18 to 20: Queue, LifoQueue, PriorityQueue.

import static dev.heddle.Heddle.*;

import dev.heddle.sync.WorkQueue;

void main() {
    run(this::inEachOrder);
}

void inEachOrder() {
    putAndTake(WorkQueue.fifo(3), "first", "second", "third");
    putAndTake(WorkQueue.lifo(3), "first", "second", "third");
    putAndTake(
            WorkQueue.priority(3, Map.Entry.<Integer, String>comparingByKey()),
            Map.entry(20, "a"),
            Map.entry(10, "b"),
            Map.entry(30, "c"));
}

@SafeVarargs
final <T> void putAndTake(WorkQueue<T> queue, T... elements) {
    for (T element : elements) {
        queue.put(element);
    }
    queue.close();
    for (T element : queue) {
        IO.println(element);
    }
}
