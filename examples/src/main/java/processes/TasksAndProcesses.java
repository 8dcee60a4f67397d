// Tasks live in this process and share its memory; what a process pool runs has a process, and so variables, of its own.
// Answers Threads and coroutines, programs 3 to 5: threads and processes, their pids, their start, their memory.

import static dev.heddle.Heddle.*;

import dev.heddle.process.ProcessPool;

static int n = 100;

void main() {
    run(this::compare);
}

void compare() {
    long here = pid();
    try (var pool = ProcessPool.of(1)) {
        var task = spawn(() -> pid());
        IO.println("a task has our pid: " + (task.join() == here));
        IO.println("a process has our pid: " + (pool.call(() -> pid()) == here));

        gather(
                () -> IO.println("hello from a task"),
                () -> IO.println(pool.call(() -> "hello from a process")));

        IO.println("in the process n is now " + pool.call(() -> n = 0));
        IO.println("here n is still " + n);
        spawn(() -> n = 0).join();
        IO.println("here n is now " + n);
    }
}

/** Static, because the process has no object of this program. */
static long pid() {
    return ProcessHandle.current().pid();
}
