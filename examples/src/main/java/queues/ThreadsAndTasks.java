// Platform threads and tasks work side by side: they take from one queue, and one limiter holds for both.
// Answers the Python programs with a queue.Queue for threads, an asyncio.Queue for tasks and a bridge between them.

import static dev.heddle.Heddle.*;

import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.WorkQueue;

static final int COOKS = 4;
static final int ORDERS = 40;

final WorkQueue<Integer> orders = WorkQueue.fifo(10);
final ConcurrencyLimiter stove = ConcurrencyLimiter.named("stove", 3);

// Threads do run at the same time, so what they share with others needs more than a plain field.
final AtomicInteger atTheStove = new AtomicInteger();
final AtomicInteger most = new AtomicInteger();
final AtomicInteger byThreads = new AtomicInteger();
final AtomicInteger byTasks = new AtomicInteger();

void main() throws InterruptedException {
    var threads = IntStream.range(0, COOKS)
            .mapToObj(number -> Thread.ofPlatform().name("cook-" + number).start(() -> cookOrders(byThreads)))
            .toList();
    run(this::takeOrders);
    for (Thread thread : threads) {
        thread.join();
    }
    IO.println((byThreads.get() + byTasks.get()) + " orders cooked");
    IO.println("by threads: " + byThreads + ", by tasks: " + byTasks);
    IO.println("at the stove at the same time: " + most);
}

void takeOrders() {
    group(g -> {
        for (int number = 0; number < COOKS; number++) {
            g.spawn(() -> cookOrders(byTasks));
        }
        try (orders) {                      // closing the queue ends the loops of all cooks, the threads too
            for (int order = 1; order <= ORDERS; order++) {
                orders.put(order);
            }
            orders.awaitAllDone();
        }
    });
}

/** The same code for both. */
void cookOrders(AtomicInteger cooked) {
    for (int order : orders) {
        stove.run(() -> cook(order));
        cooked.incrementAndGet();
        orders.taskDone();
    }
}

void cook(int order) throws InterruptedException {
    most.accumulateAndGet(atTheStove.incrementAndGet(), Math::max);
    Thread.sleep(order % 10);               // a task lets the others of its loop run, a thread just waits
    atTheStove.decrementAndGet();
}
