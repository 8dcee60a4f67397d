// Callbacks of the loop itself: soon, after a time, at a time, and from another thread.
// Answers Threads, processes, coroutines, asyncio, program 39: call_soon, call_later, call_at, call_soon_threadsafe, stop.

import static dev.heddle.Heddle.*;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.sync.Event;

void main() {
    run(this::callBack);
    stopAtOnce();
}

/** A loop that is stopped by a callback ends in that turn: what was to come later never comes. */
void stopAtOnce() {
    try (Loop loop = Loop.start(Config.DEFAULT)) {
        loop.callFromThread(() -> {
            loop.callSoon(() -> callback("sleep 2 success"));
            loop.callSoon(loop::stop);
            loop.callLater(Duration.ofMillis(200), () -> callback("never"));
            loop.callLater(Duration.ofMillis(100), () -> callback("never"));
        });
    } // waits for the end
}

/** They run on the loop itself, below its tasks, and must not wait. */
void callBack() {
    var loop = currentLoop();
    loop.callSoon(() -> callback("soon"));
    loop.callLater(Duration.ofMillis(200), () -> callback("after 200 ms"));
    loop.callLater(Duration.ofMillis(100), () -> callback("after 100 ms"));
    loop.callLater(Duration.ofMillis(400), () -> callback("after 400 ms")).cancel();

    long inThreeTenths = loop.nanoTime() + Duration.ofMillis(300).toNanos();
    loop.callAt(inThreeTenths, () -> callback("at 300 ms"));
    loop.callFromThread(() -> callback("from any thread"));

    var stop = Event.named("stop");
    loop.callLater(Duration.ofMillis(500), stop::set);
    stop.await(); // the loop ends with its main task
    IO.println("stopped");
}

void callback(String when) {
    IO.println(when);
}
