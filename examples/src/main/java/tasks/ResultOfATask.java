// The result of a task, by waiting for it and by a callback.
// Answers Day 11, threads and asyncio, programs 19 and 20: task.result(); task.add_done_callback(callback).

import static dev.heddle.Heddle.*;

import dev.heddle.Task;

void main() {
    run(this::askTwice);
}

void askTwice() {
    int sum = spawn(() -> hello(10, 5)).join();
    IO.println("-------------------------------------");
    IO.println(sum);

    var task = spawn(() -> hello(10, 5));
    task.onDone(this::callback);
    task.join();
}

int hello(int a, int b) {
    IO.println("Hello world 01 begin");
    sleep(Duration.ofMillis(300));
    IO.println("Hello again 01 end");
    return a + b;
}

void callback(Task<Integer> task) {
    IO.println(task.join());
}
