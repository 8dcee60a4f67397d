// Two tasks take two locks crosswise: a deadlock that says who waits for whom, and the way out by a limit of time.
// Answers Threads, processes, coroutines, asyncio, program 6; Day 11, threads and asyncio, programs 7 and 8: the deadlock; and its third way to avoid one.

import static dev.heddle.Heddle.*;

import dev.heddle.sync.Mutex;

final Mutex lockA = Mutex.named("A");
final Mutex lockB = Mutex.named("B");

void main() {
    run(this::lockCrosswise);
}

void lockCrosswise() {
    IO.println("Without a limit:");
    group(g -> {
        var one = g.spawn("thread-1", () -> runWithBoth(lockA, lockB));
        g.spawn("thread-2", () -> runWithBoth(lockB, lockA));
        sleep(Duration.ofMillis(300));
        g.tasks().forEach(task -> IO.println(task.name() + " is " + task.waitingFor().orElse("running")));
        one.cancel("nobody can go on");
    });
    IO.println("With a limit:");
    group(g -> {
        g.spawn("thread-1", () -> tryWithBoth(lockA, lockB, Duration.ofMillis(100)));
        g.spawn("thread-2", () -> tryWithBoth(lockB, lockA, Duration.ofMillis(400)));
    });
}

void runWithBoth(Mutex first, Mutex second) {
    first.run(() -> {
        say("runs with one");
        sleep(Duration.ofMillis(100));
        second.run(() -> say("runs with both"));
    });
}

/** Whoever does not get the second lock lets go of the first one, so that the other can go on. */
void tryWithBoth(Mutex first, Mutex second, Duration patience) {
    while (!first.run(() -> triedSecond(second, patience))) {
        say("gives up and tries again");
    }
}

boolean triedSecond(Mutex second, Duration patience) {
    say("runs with one");
    sleep(Duration.ofMillis(100));
    if (!second.acquireWithin(patience)) {
        return false;
    }
    try {
        say("runs with both");
        return true;
    } finally {
        second.release();
    }
}

void say(String what) {
    IO.println(currentTask().name() + " " + what);
}
