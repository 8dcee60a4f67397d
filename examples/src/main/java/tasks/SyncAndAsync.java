// The same ten calls one after the other and side by side.
// Answers Threads and coroutines, program 31: synchronous and asynchronous with gevent.

import static dev.heddle.Heddle.*;

static final int TASKS = 10;

void main() {
    run(this::inBothWays);
}

void inBothWays() {
    IO.println("Synchronous:");
    for (int i = 0; i < TASKS; i++) {
        task(i);
    }
    IO.println("Asynchronous:");
    group(g -> {
        for (int i = 0; i < TASKS; i++) {
            int number = i;
            g.spawn(() -> task(number));
        }
    });
    IO.println("DONE");
}

void task(int number) {
    sleep(Duration.ofMillis(50));
    IO.println("Task " + number + " done");
}
