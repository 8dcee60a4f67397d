// A loop without run: made, given work by the thread outside, stopped by its own callback, and closed.
// Answers Threads, processes, coroutines, asyncio, program 39: the calls of an event loop, run_until_complete, run_forever, stop and close.

import static dev.heddle.Heddle.*;

import dev.heddle.Config;
import dev.heddle.Loop;

void main() {
    Loop loop = Loop.start(Config.DEFAULT);
    IO.println("result: " + loop.spawn(() -> slowly(6 * 7)).join());                    // run_until_complete
    var endless = loop.spawn(this::workOn);
    loop.callFromThread(() -> loop.callLater(Duration.ofMillis(100), () -> stop(loop)));
    IO.println("endless work: " + endless.awaitOutcome());                              // run_forever, until stop
    loop.close();                                                                       // waits for the end
    IO.println("running: " + !loop.isClosed());
}

void stop(Loop loop) {
    IO.println("running: " + !loop.isClosed() + ", and stopped by a callback");
    loop.stop();
}

void workOn() {
    while (true) {
        sleep(Duration.ofMillis(10));
    }
}

int slowly(int result) {
    sleep(Duration.ofMillis(100));
    return result;
}
