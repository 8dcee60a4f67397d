// One task puts addresses into a channel, ten take them out. The end of the channel is the end of all of them.
// Answers Threads, processes, coroutines, asyncio, programs 4 and 43: threads and a queue.Queue.

import static dev.heddle.Heddle.*;

import dev.heddle.sync.Channel;

static final int URLS = 20;
static final int READERS = 10;

void main() {
    run(this::passPages);
}

void passPages() {
    var urls = Channel.<String>of(1000);
    var time = measureTime(() -> group(g -> {
        g.spawn(() -> getTitles(urls));
        for (int i = 0; i < READERS; i++) {
            g.spawn(() -> getDetails(urls));
        }
    }));
    IO.println("last time " + time.toMillis() + " ms");
}

void getTitles(Channel<String> urls) {
    try (urls) {
        IO.println("get title url");
        sleep(Duration.ofMillis(200));
        for (int i = 0; i < URLS; i++) {
            urls.send("http://www.test.com/id/" + i + "/");
        }
        IO.println("get title url done");
    }
}

void getDetails(Channel<String> urls) {
    for (String url : urls) {
        sleep(Duration.ofMillis(200));
        IO.println("get detail html done: " + url);
    }
}
