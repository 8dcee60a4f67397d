// Two calls that wait, one after the other: just two calls, so together they take the sum of their times.
// Answers Day 11, threads and asyncio, program 16: the event loop, say_after_time.

import static dev.heddle.Heddle.*;

void main() {
    run(this::sayBoth);
}

void sayBoth() {
    var time = measureTime(() -> {
        IO.println("begins");
        sayAfter(Duration.ofMillis(100), "hello");
        sayAfter(Duration.ofMillis(200), "world");
    });
    IO.println("ends after " + time.toMillis() + " ms");
}

void sayAfter(Duration delay, String what) {
    sleep(delay);
    IO.println(what);
}
