import static dev.heddle.Heddle.*;

import java.time.Duration;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;

volatile boolean read;
volatile boolean added;
int count;

void main() {
    run(() -> {
        countInAFork();
        callHeddleInAFork();
        askTheLoopFromAFork();
        waitUntilADeadline();
    });
}

void countInAFork() throws InterruptedException {
    try (var scope = StructuredTaskScope.open()) {
        scope.fork(() -> {
            while (!read) {
                Thread.onSpinWait();
            }
            count = count + 1000;
            added = true;
            return "added";
        });
        int before = count;          // no wait from here ...
        read = true;
        while (!added) {
            Thread.onSpinWait();
        }
        count = before + 1;          // ... to here: one step for tasks, not for forks
        scope.join();
    }
    IO.println(count);               // 1: the fork's thousand is lost
}

void callHeddleInAFork() throws InterruptedException {
    try (var scope = StructuredTaskScope.open(Joiner.awaitAll())) {
        var refused = scope.fork(() -> sleep(Duration.ofMillis(10)));
        scope.join();
        IO.println(refused.exception().getMessage());
    }
}

void askTheLoopFromAFork() throws InterruptedException {
    var loop = currentLoop();
    try (var scope = StructuredTaskScope.open()) {
        var length = scope.fork(() -> loop.spawn(() -> fetch().length()).join());
        scope.join();
        IO.println("length " + length.get());
    }
}

void waitUntilADeadline() {
    var answer = moveOnAfter(Duration.ofMillis(200), () -> {
        try (var scope = StructuredTaskScope.open()) {
            scope.fork(() -> {
                try {
                    Thread.sleep(60_000);
                } finally {
                    IO.println("the fork is interrupted");
                }
                return "late";
            });
            scope.join();            // the deadline interrupts it, and close() waits for the fork
            return "in time";
        }
    });
    IO.println("answer " + answer);
}

String fetch() {
    sleep(Duration.ofMillis(10));
    return "page";
}
