// There is no async and no await: a method that waits is called like any other, and a loop can be driven turn by turn.
// Answers Threads, processes, coroutines, asyncio, program 34: async and await, and a coroutine that is driven by send(None).

import static dev.heddle.Heddle.*;

import dev.heddle.Config;
import dev.heddle.Loop;

void main() {
    IO.println(run(() -> downloadUrl("http://www.google.com")));
    driveByHand();
}

void driveByHand() {
    try (Loop loop = Loop.create(Config.DEFAULT)) {
        var task = loop.spawn(() -> downloadUrl("http://www.google.com"));
        IO.println("done: " + task.isDone());
        while (loop.step(Duration.ofMillis(10))) {
            // a turn of the loop
        }
        IO.println("done: " + task.isDone());
        IO.println(task.join());
    }
}

String downloadUrl(String url) {
    return download(url);
}

String download(String url) {
    sleep(Duration.ofMillis(50));
    return "fank2";
}
