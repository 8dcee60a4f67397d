// A limit of time that cancels what takes longer: as an exception, and as an empty result.
// Answers Day 11, threads and asyncio, program 24: asyncio.wait_for.

import static dev.heddle.Heddle.*;

import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;

void main() {
    run(this::waitWithALimit);
}

void waitWithALimit() {
    IO.println(timeout(Duration.ofMillis(200), () -> eternity(Duration.ofMillis(100))));
    try {
        timeout(Duration.ofMillis(200), () -> eternity(Duration.ofHours(1)));
    } catch (DeadlineExceededException e) {
        IO.println("timeout!");
    }
    var result = moveOnAfter(Duration.ofMillis(200), () -> eternity(Duration.ofHours(1)));
    IO.println("no exception: " + result);
}

String eternity(Duration time) {
    try {
        sleep(time);
        return "yay!";
    } catch (CancelledException e) {
        IO.println("cancelled, not left running");
        throw e;
    }
}
