// Two tasks with names and arguments. A task is a call and a name, so there is no class to derive from.
// Answers Day 11, threads and asyncio, programs 2 and 3: using threading.Thread, and a subclass of it.

import static dev.heddle.Heddle.*;

void main() {
    run(this::runBoth);
}

void runBoth() {
    IO.println("the program begins");
    group(g -> {
        g.spawn("thread-1", () -> work("fun1", Duration.ofMillis(200)));
        g.spawn("thread-2", () -> work("fun2", Duration.ofMillis(400)));
    });
}

void work(String function, Duration delay) {
    String name = currentTask().name();
    IO.println(name + " begins " + function);
    sleep(delay);
    IO.println(name + " has ended " + function);
}
