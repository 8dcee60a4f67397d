// Two tasks wait at the same time, so both have begun before one ends.
// Answers Concurrent requests, program 6: asyncio.sleep(5) in two tasks.

import static dev.heddle.Heddle.*;

void main() {
    run(this::waitTwice);
}

void waitTwice() {
    gather(this::task, this::task);
}

void task() {
    IO.println("before ....task");
    sleep(Duration.ofMillis(500));
    IO.println("end ....task");
}
