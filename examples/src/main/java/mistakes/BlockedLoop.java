// A mistake: work that computes for long and never waits, so that no other task of the loop runs meanwhile.
// The watchdog says which task it is and where, and what to do.

import static dev.heddle.Heddle.*;

import java.time.Duration;

void main() {
    run(() -> {
        var ticks = spawn("ticks", () -> {
            while (true) {
                sleep(Duration.ofMillis(10));
            }
        });
        var work = spawn("work", () -> compute(Duration.ofSeconds(3)));     // better: offload(() -> compute(...))
        work.join();
        ticks.cancel("done");
    });
}

void compute(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
        Thread.onSpinWait();
    }
}
