// Two count with one variable: safe without a lock, steps that get lost, and a mutex for the tasks and the threads that need one.
// Answers Threads, processes, coroutines, asyncio, program 5; Day 11, threads and asyncio, programs 5 and 6: what is wrong with shared variables; the mutex.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;
import dev.heddle.sync.Mutex;

static final int STEPS = 100_000;

final Mutex mutex = Mutex.create();
int num;

void main() {
    run(this::countFiveWays);
}

void countFiveWays() throws InterruptedException {
    IO.println("tasks, no wait in a step: " + byTasks(this::count));
    IO.println("tasks, a wait in a step: " + byTasks(this::countWithWait));
    IO.println("tasks, a wait in a step, a mutex: " + byTasks(() -> mutex.run(this::countWithWait)));
    IO.println("threads: " + byThreadsUntilOneIsLost());
    IO.println("threads, a mutex: " + byThreads(() -> mutex.run(this::count)));
}

/** Tasks of one loop take turns, and only where they wait. So this is exact without a lock. */
void count() {
    for (int i = 0; i < STEPS; i++) {
        num++;
    }
}

/** The other one runs in the middle of each step, and what it adds is overwritten. */
void countWithWait() {
    for (int i = 0; i < STEPS; i++) {
        int before = num;
        checkpoint();
        num = before + 1;
    }
}

int byTasks(Action count) {
    num = 0;
    gather(count, count);
    return num;
}

/** Two threads on two processors lose steps in nearly every run, and never as many as in another one. */
int byThreadsUntilOneIsLost() throws InterruptedException {
    int sum = 2 * STEPS;
    for (int run = 0; run < 1000 && sum == 2 * STEPS; run++) {
        sum = byThreads(this::count);
    }
    return sum;
}

/** Threads run at the same time, so theirs are lost even where nobody waits: each run has another number. */
int byThreads(Runnable count) throws InterruptedException {
    num = 0;
    var start = new CountDownLatch(2);
    Runnable together = () -> {
        start.countDown();
        while (start.getCount() > 0) {
            Thread.onSpinWait();
        }
        count.run();
    };
    var one = Thread.ofPlatform().start(together);
    var two = Thread.ofPlatform().start(together);
    one.join();
    two.join();
    return num;
}
