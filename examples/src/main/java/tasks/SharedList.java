// Ten tasks take what one puts into a plain list. No lock: none runs while another one is between two waits.
// Answers Threads, processes, coroutines, asyncio, program 3: threads that share a global list.

import static dev.heddle.Heddle.*;

static final int URLS = 20;
static final int READERS = 10;

final List<String> urls = new ArrayList<>();

void main() {
    run(this::shareTheList);
}

void shareTheList() {
    var time = measureTime(() -> {
        group(g -> {
            g.spawn(this::getTitles);
            for (int i = 0; i < READERS; i++) {
                g.spawn(this::getDetail);
            }
        });
        IO.println(urls.size() + " of " + URLS + " left");
    });
    IO.println("last time " + time.toMillis() + " ms");
}

void getTitles() {
    IO.println("get title url");
    sleep(Duration.ofMillis(200));
    for (int i = 0; i < URLS; i++) {
        urls.add("http://www.test.com/id/" + i + "/");
    }
    IO.println("get title url done");
}

/** In Python the list may be empty already when {@code pop} is called. Here nobody comes between the question and the answer. */
void getDetail() {
    IO.println("get detail html");
    sleep(Duration.ofMillis(300));
    if (!urls.isEmpty()) {
        urls.removeLast();
        IO.println("get detail html done");
    }
}
