// Two groups of ten tasks; the second is cancelled as a whole, and the first is done.
// Answers Threads, processes, coroutines, asyncio, program 37: gather of two groups, one of them cancelled.

import static dev.heddle.Heddle.*;

void main() {
    run(this::gatherTwoGroups);
}

void gatherTwoGroups() {
    var time = measureTime(() -> {
        var first = spawn("group 1", this::getTenPages);
        var second = spawn("group 2", this::getTenPages);
        sleep(Duration.ofMillis(100));
        second.cancel("not wanted any more");
        first.join();
        IO.println("group 1: " + first.state());
        IO.println("group 2: " + second.awaitOutcome());
    });
    IO.println("time: " + time.toMillis() + " ms");
}

void getTenPages() {
    String name = currentTask().name();
    group(g -> {
        for (int i = 0; i < 10; i++) {
            g.spawn(() -> getHtml(name));
        }
    });
}

void getHtml(String group) {
    IO.println(group + ": start get html");
    sleep(Duration.ofMillis(200));
    IO.println(group + ": end get url");
}
