// Two guests, one plate of noodles and one fork: a deadlock and its report, then two ways to eat without one.
// Answers the Python programs: eat1 takes noodle_lock and then fork_lock, eat2 the other way round; and one RLock for both.

import static dev.heddle.Heddle.*;

import dev.heddle.WaitReport;
import dev.heddle.sync.Mutex;

void main() {
    run(this::eatThreeTimes);
}

void eatThreeTimes() {
    var noodles = Mutex.named("noodles");
    var fork = Mutex.named("fork");

    IO.println("Each takes another thing first:");
    group(table -> {
        var egon = table.spawn("egon", () -> eat(noodles, fork));
        table.spawn("yuan", () -> eat(fork, noodles));
        // Left alone, they would wait for ever. Half a second later the watchdog would tell the failure handler.
        sleep(Duration.ofMillis(1100));
        offload(WaitReport::capture).cycles().getFirst().forEach(IO::println);
        egon.cancel("nobody can eat");
    });

    IO.println("One re-entrant lock stands for both things:");
    var both = new ReentrantLock();
    gather(() -> eat(both, both), () -> eat(both, both));

    IO.println("Both take the noodles first:");
    gather(() -> eat(noodles, fork), () -> eat(noodles, fork));
}

void eat(Mutex first, Mutex second) {
    first.run(() -> {
        sleep(Duration.ofSeconds(1));
        second.run(() -> IO.println("  " + currentTask().name() + " eats"));
    });
}

void eat(Lock first, Lock second) {
    first.lock();
    try {
        sleep(Duration.ofSeconds(1));
        second.lock();
        try {
            IO.println("  " + currentTask().name() + " eats");
        } finally {
            second.unlock();
        }
    } finally {
        first.unlock();
    }
}
