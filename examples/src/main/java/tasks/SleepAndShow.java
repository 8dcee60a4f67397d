// One task counts and sleeps, another shows who else is there: many tasks, one loop, one thread.
// Answers Asyncio and gevent, program 5: the new syntax, sleep(x) and showthread(x).

import static dev.heddle.Heddle.*;

import dev.heddle.Task;

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
        IO.println("sleep " + i);
        sleep(delay);
    }
}

void showThreeTimes(Duration delay) {
    for (int i = 0; i < 3; i++) {
        IO.println(currentLoop().allTasks().stream().map(Task::name).toList());
        sleep(delay);
    }
}
