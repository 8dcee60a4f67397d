// A task is cancelled where it waits, cleans up, and whoever joins it is told.
// Answers Day 11, threads and asyncio, program 18: cancel_me(), which sleeps an hour with asyncio.sleep and is cancelled after a second.

import static dev.heddle.Heddle.*;

import dev.heddle.CancelledException;
import dev.heddle.TaskCancelledException;

void main() {
    run(this::cancelAfterASecond);
}

void cancelAfterASecond() {
    var task = spawn("cancel_me", this::cancelMe);
    sleep(Duration.ofSeconds(1));
    IO.println("main(): after sleep");
    task.cancel();
    try {
        task.join();
    } catch (TaskCancelledException e) {
        IO.println("main(): cancel_me is cancelled now");
    }
}

void cancelMe() {
    IO.println("cancel_me(): before sleep");
    try {
        sleep(Duration.ofHours(1));
    } catch (CancelledException e) {
        IO.println("cancel_me(): cancel sleep");
        throw e;
    } finally {
        // Clean-up that waits needs a shield, because in a cancelled task every other waiting call throws again.
        shield(Duration.ofSeconds(5), () -> sleep(Duration.ofMillis(10)));
        IO.println("cancel_me(): after sleep");
    }
}
