// Four ways to wait for a kettle: stand beside it, look again and again, listen for its whistle, and let the whistle call.
// Answers Day 11, threads and asyncio, program 22: synchronous or not, blocking or not, the story of the kettle.

import static dev.heddle.Heddle.*;

import dev.heddle.Task;
import dev.heddle.sync.Event;

void main() {
    run(this::boilFourTimes);
}

void boilFourTimes() {
    IO.println("synchronous and blocking:");
    boil();
    IO.println("  the water boils");

    IO.println("synchronous, not blocking:");
    Task<Void> kettle = spawn(this::boil);
    while (!kettle.isDone()) {
        watchTelevision();
    }
    IO.println("  the water boils");

    IO.println("asynchronous and blocking:");
    var whistle = Event.named("whistle");
    spawn(this::boil).onDone(_ -> whistle.set());
    whistle.await();
    IO.println("  the water boils");

    IO.println("asynchronous, not blocking:");
    spawn(this::boil).onDone(_ -> IO.println("  the water boils"));
    for (int i = 0; i < 4; i++) {
        watchTelevision();
    }
}

void boil() {
    sleep(Duration.ofMillis(250));
}

void watchTelevision() {
    IO.println("  television");
    sleep(Duration.ofMillis(100));
}
