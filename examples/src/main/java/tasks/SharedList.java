// Ten tasks take what one puts into a plain list: those who do not wait find it empty, and none needs a lock.
// Answers Threads, processes, coroutines, asyncio, program 3: threads that share a global list.

import static dev.heddle.Heddle.*;

static final int URLS = 20;
static final int READERS = 10;

final List<String> urls = new ArrayList<>();

void main() {
    run(this::shareTheList);
}

void shareTheList() {
    IO.println("Readers that sleep as long as the writer:");
    readAndWrite(Duration.ofMillis(200)); // they were first, so they wake first: no "done", and no failure that tells
    IO.println("Readers that sleep longer:");
    readAndWrite(Duration.ofMillis(300));
    IO.println(urls.size() + " of " + URLS + " left"); // a queue, whose readers wait, is the cure
}

void readAndWrite(Duration readersSleep) {
    urls.clear();
    group(g -> {
        for (int i = 0; i < READERS; i++) {
            g.spawn(() -> getDetail(readersSleep));
        }
        var writer = g.spawn(this::getTitles);
        var time = measureTime(writer::join); // the readers are not waited for here, but the group waits for them
        IO.println("last time " + time.toMillis() + " ms");
    });
}

void getTitles() {
    IO.println("get title url");
    sleep(Duration.ofMillis(200));
    for (int i = 0; i < URLS; i++) {
        urls.add("http://www.test.com/id/" + i + "/");
    }
    IO.println("get title url done");
}

/** Of threads, two may find one element and pop twice. Of tasks, none comes between the question and the answer. */
void getDetail(Duration sleep) {
    IO.println("get detail html");
    sleep(sleep);
    if (!urls.isEmpty()) {
        urls.removeLast();
        IO.println("get detail html done");
    }
}
