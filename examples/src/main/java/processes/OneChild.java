// A process of its own for one function: it has its own pid and its own variables, and the parent gets its exit code.
// Answers Threads, processes, coroutines, asyncio, programs 16 and 17: os.fork and multiprocessing.Process. There is no fork on a JVM.

import static dev.heddle.Heddle.*;

import dev.heddle.process.JvmProcess;

void main() {
    run(this::startAndJoin);
}

void startAndJoin() {
    long here = ProcessHandle.current().pid();
    try (JvmProcess child = JvmProcess.spawn(() -> getHtml(2))) {
        IO.println("parent process " + here + ", child process " + child.pid());
        IO.println("its exit code is " + child.join());
    }
    IO.println("main process end");
}

/** Static, because the process has no object of this program. */
static void getHtml(int n) throws InterruptedException {
    long parent = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    IO.println("child process " + ProcessHandle.current().pid() + ", parent process " + parent);
    Thread.sleep(n);
    IO.println("sub process success");
}
