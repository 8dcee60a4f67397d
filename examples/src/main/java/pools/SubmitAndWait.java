// Two at a time: results by handle, as they are done, in order; waiting for the first; and a cancel that also stops what runs.
// Answers Threads, processes, coroutines, asyncio, program 11: ThreadPoolExecutor; Threads and coroutines, program 28: its methods.

import static dev.heddle.Heddle.*;

import dev.heddle.Task;
import dev.heddle.Tasks;
import dev.heddle.Until;

static final List<Integer> URLS = List.of(2, 3, 4, 2);

void main() {
    run(this::submitAndWait);
}

void submitAndWait() {
    group(g -> {
        var pool = g.pool(2);
        var first = pool.spawn(() -> getHtml(3));
        var second = pool.spawn(() -> getHtml(2));
        second.onDone(ended -> IO.println("callback: " + ended.state()));
        IO.println("done: " + first.isDone());
        second.cancel(); // in Python only what has not begun can be cancelled
        IO.println("result: " + first.join());
        IO.println("done: " + first.isDone());

        IO.println("as_completed:");
        var all = new ArrayList<Task<Integer>>();
        for (int url : URLS) {
            all.add(pool.spawn(() -> getHtml(url)));
        }
        for (Task<Integer> done : Tasks.asCompleted(all)) {
            IO.println("get " + done.join() + " page success");
        }

        IO.println("map:");
        for (int page : pool.imap(URLS, this::getHtml)) {
            IO.println("get " + page + " page success");
        }

        IO.println("wait: " + Tasks.await(all, Until.FIRST_COMPLETED).done().size() + " done");
        IO.println("main");
    });
}

int getHtml(int times) {
    sleep(Duration.ofMillis(100L * times));
    IO.println("get html " + times + " success");
    return times;
}
