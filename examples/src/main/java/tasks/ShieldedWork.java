// Work that survives the cancel of who waits for it, and work that its own cancel does not reach until it is done.
// Answers Day 11, threads and asyncio, program 23: asyncio.shield.

import static dev.heddle.Heddle.*;

import dev.heddle.TaskCancelledException;

void main() {
    run(this::saveTwice);
}

void saveTwice() {
    IO.println("A task that another one only waits for, as with asyncio.shield:");
    var save = spawn("save", () -> save("record 1"));
    var waiter = spawn("waiter", () -> save.join());
    sleep(Duration.ofMillis(100));
    waiter.cancel();
    try {
        waiter.join();
    } catch (TaskCancelledException e) {
        IO.println("  who waited is cancelled, the work goes on: " + !save.isDone());
    }
    IO.println("  " + save.join());

    IO.println("A body inside of the task that is cancelled:");
    var shielded = spawn("shielded", () -> {
        shield(() -> IO.println("  " + save("record 2")));
        sleep(Duration.ofHours(1)); // the cancel waits here
    });
    sleep(Duration.ofMillis(100));
    shielded.cancel();
    try {
        shielded.join();
    } catch (TaskCancelledException e) {
        IO.println("  cancelled as soon as it was done");
    }
}

String save(String what) {
    IO.println("  saving " + what);
    sleep(Duration.ofMillis(300));
    return what + " is saved";
}
