// Two tasks with names and arguments: from calls, and from a class that holds function, name and argument.
// Answers Day 11, threads and asyncio, programs 2 and 3: using threading.Thread, and a subclass of it.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;
import dev.heddle.Task;
import java.util.function.Consumer;

void main() {
    run(this::runBoth);
    run(this::runBothOfAClass);
}

void runBoth() {
    IO.println("the program begins");
    group(g -> {
        g.spawn("thread-1", () -> work("fun1", Duration.ofMillis(200)));
        g.spawn("thread-2", () -> work("fun2", Duration.ofMillis(400)));
    });
}

void runBothOfAClass() {
    IO.println("the program begins");
    var first = new MyTask(delay -> work("fun1", delay), "thread-1", Duration.ofMillis(200));
    var second = new MyTask(delay -> work("fun2", delay), "thread-2", Duration.ofMillis(400));
    first.start();
    second.start();
    first.join();
    second.join();
    IO.println("runs: " + first.runs + " and " + second.runs);
}

/** What the subclass of Thread is in Python. It has a task where that one is a thread, and a state that is its own. */
static class MyTask implements Action {
    private final Consumer<Duration> function;
    private final String name;
    private final Duration argument;
    private Task<Void> task;
    int runs;

    MyTask(Consumer<Duration> function, String name, Duration argument) {
        this.function = function;
        this.name = name;
        this.argument = argument;
    }

    void start() {
        task = spawn(name, this);
    }

    @Override
    public void run() {
        runs++;
        function.accept(argument);
    }

    void join() {
        task.join();
    }
}

void work(String function, Duration delay) {
    String name = currentTask().name();
    IO.println(name + " begins " + function);
    sleep(delay);
    IO.println(name + " has ended " + function);
}
