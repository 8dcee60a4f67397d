// A mistake: two tasks take two locks in different orders, and each waits for what the other has.
// The deadlock is reported with tasks, locks and lines. The program stays as it is until Ctrl-C.

import static dev.heddle.Heddle.*;

import dev.heddle.sync.Mutex;
import java.time.Duration;

void main() {
    Mutex noodles = Mutex.named("noodles");
    Mutex fork = Mutex.named("fork");
    run(() -> gather(                                                       // better: both in the same order
            () -> takeBoth(noodles, fork),
            () -> takeBoth(fork, noodles)));
}

void takeBoth(Mutex first, Mutex second) {
    first.run(() -> {
        sleep(Duration.ofMillis(10));
        second.run(() -> IO.println("eats"));
    });
}
