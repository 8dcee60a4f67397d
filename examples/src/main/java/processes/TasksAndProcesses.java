// Tasks live in this process and share its memory; a process has a pid, a start that takes its time, and variables of its own.
// Answers Threads and coroutines, programs 2 to 4: threads and processes, their pids, their start, their memory.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;
import dev.heddle.process.JvmProcess;
import dev.heddle.process.ProcessPool;

static int n = 100;

void main() {
    run(this::compare);
}

void compare() {
    IO.println("pids:");
    spawn(() -> hello()).join();
    spawn(() -> hello()).join();
    IO.println("main task " + pid());
    try (var one = JvmProcess.spawn(() -> hello()); var other = JvmProcess.spawn(() -> hello())) {
        IO.println("main process " + pid());
        one.join();
        other.join();
    }

    IO.println("start:");
    time("a task", this::startTask);
    time("a process", this::startProcess);

    IO.println("memory:");
    try (var pool = ProcessPool.of(1)) {
        IO.println("in the process n is now " + pool.call(() -> n = 0));
        IO.println("here n is still " + n);
        spawn(() -> n = 0).join();
        IO.println("here n is now " + n);
    }
}

void startTask() {
    spawn(() -> hello()).join();
}

void startProcess() {
    try (var child = JvmProcess.spawn(() -> hello())) {
        IO.println("main process goes on"); // long before the child says hello
        child.join();
    }
}

/** Static, because the process has no object of this program. */
static void hello() {
    IO.println("hello " + pid());
}

static long pid() {
    return ProcessHandle.current().pid();
}

void time(String what, Action body) {
    IO.println(what + " began and ended in " + measureTime(body).toNanos() / 1000 + " us");
}
