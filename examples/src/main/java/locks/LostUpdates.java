// A hundred tasks take one off a number and wait in the middle: without a lock, with one, one after the other; and without the wait.
// Answers Threads, processes, coroutines, asyncio, program 5; Threads and coroutines, programs 11 to 13: the race, Lock, and lock against join; Lock.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;
import dev.heddle.sync.Mutex;

static final int TASKS = 100;
static final Duration WORK = Duration.ofMillis(30);
static final Duration UPDATE = Duration.ofMillis(5);

final Mutex mutex = Mutex.create();
int n;

void main() {
    run(this::compare);
}

void compare() {
    time("without a lock", this::withoutALock);
    time("with a lock", this::withALock);
    time("one after the other", this::oneAfterTheOther);
    time("without a wait in the middle", () -> together(() -> {
        sleep(WORK);
        n = n - 1;                      // needs no lock: nobody comes in between
    }));
}

void withoutALock() {
    together(this::update);
}

void withALock() {
    together(() -> {
        sleep(WORK);                    // all at the same time
        mutex.run(this::update);        // one at a time
    });
}

void update() {
    int before = n;
    sleep(UPDATE);
    n = before - 1;
}

void together(Action body) {
    group(g -> {
        for (int i = 0; i < TASKS; i++) {
            g.spawn(body);
        }
    });
}

void oneAfterTheOther() {
    for (int i = 0; i < TASKS; i++) {
        spawn(() -> {
            sleep(WORK);
            update();
        }).join();
    }
}

void time(String how, Action body) {
    n = TASKS;
    var time = measureTime(body);
    IO.println(how + ": n is " + n + ", in " + time.toMillis() + " ms");
}
