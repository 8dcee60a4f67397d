// One task counts and sleeps, another shows which threads there are: many tasks, one loop, one thread.
// Answers Asyncio and gevent, program 4: the new syntax, sleep(x) and showthread(x).

import static dev.heddle.Heddle.*;

/** The threads that have carried a task of this program. */
final Set<String> threads = new TreeSet<>();

void main() {
    run(this::sleepAndShow);
}

void sleepAndShow() {
    group(g -> {
        g.spawn("sleeper", () -> sleepThreeTimes(Duration.ofMillis(300)));
        g.spawn("shower", () -> showThreeTimes(Duration.ofMillis(200)));
    });
}

void sleepThreeTimes(Duration delay) {
    for (int i = 0; i < 3; i++) {
        noteThread();
        IO.println("sleep " + i);
        sleep(delay);
    }
}

void showThreeTimes(Duration delay) {
    for (int i = 0; i < 3; i++) {
        noteThread();
        IO.println("tasks: " + currentLoop().allTasks().size() + ", threads: " + threads.size());
        sleep(delay);
    }
}

/** A task names the thread below it behind an "@". */
void noteThread() {
    String thread = Thread.currentThread().toString();
    threads.add(thread.substring(thread.indexOf('@') + 1));
}
