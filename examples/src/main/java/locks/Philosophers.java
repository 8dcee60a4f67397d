// Three guests, each at two places, one plate of noodles and one fork: one eats, then all wait for each other; then two cures.
// Answers Threads and coroutines, programs 16 and 17: eat1 takes the noodles first, eat2 the fork; and one RLock for both.

import static dev.heddle.Heddle.*;

import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.WaitReport;
import dev.heddle.sync.Mutex;

static final List<String> GUESTS = List.of("Nezha", "egon", "yuan");

void main() {
    run(this::eatThreeTimes);
}

void eatThreeTimes() {
    IO.println("A lock for each thing, and two orders:");
    var noodles = Mutex.named("noodles");
    var fork = Mutex.named("fork");
    group(table -> {
        for (String name : GUESTS) {
            seat(table, name, locked(noodles), locked(fork));
        }
        // Left alone, they would wait for ever. Half a second later the watchdog would tell the failure handler.
        sleep(Duration.ofMillis(1100));
        offload(WaitReport::capture).cycles().getFirst().forEach(IO::println);
        IO.println("  hungry: " + table.size() + ", all but one give up");
        table.tasks().subList(1, table.size()).reversed().forEach(Task::cancel);
    });

    IO.println("One re-entrant lock stands for both things:");
    var both = new ReentrantLock();
    group(table -> GUESTS.forEach(name -> seat(table, name, locked(both), locked(both))));

    IO.println("All take the noodles first:");
    group(table -> {
        for (String name : GUESTS) {
            table.spawn(name + "-1", () -> eat(name, "noodles", locked(noodles), "fork", locked(fork), Duration.ZERO));
            table.spawn(name + "-2", () -> eat(name, "noodles", locked(noodles), "fork", locked(fork), A_SECOND));
        }
    });
}

static final Duration A_SECOND = Duration.ofSeconds(1);

/** Runs something while a lock is held. */
interface Locked {
    void run(Runnable body);
}

Locked locked(Mutex mutex) {
    return body -> mutex.run(body::run);
}

Locked locked(Lock lock) {
    return body -> {
        lock.lock();
        try {
            body.run();
        } finally {
            lock.unlock();
        }
    };
}

void seat(TaskGroup table, String name, Locked noodles, Locked fork) {
    table.spawn(name + "-1", () -> eat(name, "noodles", noodles, "fork", fork, Duration.ZERO));
    table.spawn(name + "-2", () -> eat(name, "fork", fork, "noodles", noodles, A_SECOND));
}

void eat(String name, String one, Locked first, String other, Locked second, Duration between) {
    first.run(() -> {
        IO.println("  " + name + " has got the " + one);
        if (between.isPositive()) {
            sleep(between);
        }
        second.run(() -> {
            IO.println("  " + name + " has got the " + other);
            IO.println("  " + name + " eats");
        });
    });
}
