// A mistake: the cancel is caught with everything else, and the loop goes on trying.
// The cancel comes again at each wait, so the task does nothing but fail; it ends when it lets one pass.

import static dev.heddle.Heddle.*;

import java.time.Duration;

void main() {
    run(() -> {
        var late = moveOnAfter(Duration.ofMillis(50), this::tryThreeTimes);
        IO.println(late ? "in time" : "given up");
    });
}

void tryThreeTimes() {
    for (int i = 1; i <= 3; i++) {
        try {
            sleep(Duration.ofMillis(100));
        } catch (RuntimeException e) {                                      // better: only the exceptions that are meant
            IO.println("try " + i + ": " + e);
        }
    }
    checkpoint();
}
