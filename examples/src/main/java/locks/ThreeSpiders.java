// Ten pages, three at a time: who starts the tasks takes a place for each, and the task gives it back.
// Answers Threads, processes, coroutines, asyncio, program 9: a Semaphore.

import static dev.heddle.Heddle.*;

import dev.heddle.sync.BoundedSemaphore;

void main() {
    run(this::crawl);
}

/** Where nobody else needs places, {@code map(urls, 3, url -> getHtml(url))} is all. */
void crawl() {
    var places = BoundedSemaphore.of(3);
    var time = measureTime(() -> group(g -> {
        for (int i = 0; i < 10; i++) {
            String url = "http://www.baidu.com/id/" + i + "/";
            places.acquire();
            g.spawn(() -> {
                try {
                    getHtml(url);
                } finally {
                    places.release();
                }
            });
        }
    }));
    IO.println("in " + time.toMillis() + " ms");
}

void getHtml(String url) {
    sleep(Duration.ofMillis(200));
    IO.println("get html success: " + url);
}
