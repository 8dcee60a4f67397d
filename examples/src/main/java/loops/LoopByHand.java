// A loop without run: made, given work by the thread outside, stopped by its own callback, and closed.
// Answers Threads, processes, coroutines, asyncio, program 39: the calls of an event loop, run_until_complete, run_forever, stop and close.

import static dev.heddle.Heddle.*;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Promise;

void main() {
    var stop = new Promise<String>();
    Loop loop = Loop.start(Config.DEFAULT);
    try (loop) {
        IO.println("result: " + loop.spawn(() -> slowly(6 * 7)).join());                    // run_until_complete
        loop.callFromThread(() -> loop.callLater(Duration.ofMillis(100), () -> stop.complete("a callback")));
        IO.println("stopped by " + stop.join());                                            // run_forever, stop
        IO.println("running: " + !loop.isClosed());
    }
    IO.println("running: " + !loop.isClosed());
}

int slowly(int result) {
    sleep(Duration.ofMillis(100));
    return result;
}
