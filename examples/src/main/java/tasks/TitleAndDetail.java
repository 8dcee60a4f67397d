// Two named tasks fetch side by side, and whoever started them waits for both.
// Answers Threads, processes, coroutines, asyncio, program 2: threads as subclasses of Thread.

import static dev.heddle.Heddle.*;

void main() {
    run(this::fetchBoth);
}

void fetchBoth() {
    var time = measureTime(() -> {
        var title = spawn("get title html", this::getHtml);
        var detail = spawn("get detail html", this::getHtml);
        title.join();
        detail.join();
    });
    IO.println("last time " + time.toMillis() + " ms");
}

void getHtml() {
    IO.println(currentTask().name());
    sleep(Duration.ofMillis(200));
    IO.println(currentTask().name() + " done");
}
