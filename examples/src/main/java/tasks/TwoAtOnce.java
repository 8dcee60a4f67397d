// Two functions that run side by side; the program goes on when both have ended.
// Answers Day 11, threads and asyncio, program 1: creating threads with the module _thread.

import static dev.heddle.Heddle.*;

void main() {
    run(this::runBoth);
}

void runBoth() {
    IO.println("the program begins");
    gather(this::fun1, this::fun2);
}

void fun1() {
    IO.println("fun1 begins");
    sleep(Duration.ofMillis(400));
    IO.println("fun1 has ended");
}

void fun2() {
    IO.println("fun2 begins");
    sleep(Duration.ofMillis(200));
    IO.println("fun2 has ended");
}
