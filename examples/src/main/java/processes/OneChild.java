// A process of its own for one function: it has its own pid and its own variables, and the parent gets its exit code.
// Answers Threads, processes, coroutines, programs 13 and 14: os.fork and multiprocessing.Process. There is no fork on a JVM.

import static dev.heddle.Heddle.*;

import dev.heddle.process.JvmProcess;

void main() {
    run(this::startAndJoin);
}

void startAndJoin() {
    long here = ProcessHandle.current().pid();
    try (JvmProcess child = JvmProcess.spawn(() -> getHtml(2, here))) {
        IO.println("the child's pid is ours: " + (child.pid() == here));
        IO.println("its exit code is " + child.join());
    }
    IO.println("main process end");
}

/** Static, because the process has no object of this program. */
static void getHtml(int n, long parent) throws InterruptedException {
    boolean isChild = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L) == parent;
    IO.println(isChild ? "a child of " + parent : "the same process");
    Thread.sleep(n);
}
