// Two guests, one plate of noodles and one fork: a deadlock and its report, then two ways to eat without one.
// Answers the Python programs: eat1 takes noodle_lock and then fork_lock, eat2 the other way round; and one RLock for both.

import static dev.heddle.Heddle.*;

import dev.heddle.WaitReport;

record Thing(String name, Lock lock) {}

void main() {
    run(this::eatThreeTimes);
}

void eatThreeTimes() {
    var noodles = new Thing("the noodles", new ReentrantLock());
    var fork = new Thing("the fork", new ReentrantLock());

    IO.println("Each takes another thing first:");
    group(table -> {
        table.spawn("egon", () -> eat(noodles, fork));
        table.spawn("yuan", () -> eat(fork, noodles));
        // Left alone, they would wait for ever. Half a second later the watchdog would tell the failure handler.
        sleep(Duration.ofMillis(1100));
        WaitReport.capture().cycles().getFirst().forEach(IO::println);
        table.cancel("nobody can eat");
    });

    IO.println("One re-entrant lock stands for both things:");
    var both = new Thing("noodles and fork", new ReentrantLock());
    gather(() -> eat(both, both), () -> eat(both, both));

    IO.println("Both take the noodles first:");
    gather(() -> eat(noodles, fork), () -> eat(noodles, fork));
}

void eat(Thing first, Thing second) throws InterruptedException {
    first.lock().lockInterruptibly();
    try {
        sleep(Duration.ofSeconds(1));
        second.lock().lockInterruptibly();
        try {
            IO.println("  " + currentTask().name() + " eats");
        } finally {
            second.lock().unlock();
        }
    } finally {
        first.lock().unlock();
    }
}
