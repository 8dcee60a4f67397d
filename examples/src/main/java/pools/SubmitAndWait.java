// Two at a time: results by handle, as they are done, in order; waiting for the first of them.
// Answers Threads, processes, coroutines, asyncio, programs 11 to 13; Day 11, threads and asyncio, program 25: as_completed, map, wait.

import static dev.heddle.Heddle.*;

import dev.heddle.AwaitCondition;
import dev.heddle.Task;
import dev.heddle.Tasks;

static final List<Integer> URLS = List.of(2, 3, 4, 2);

void main() {
    run(this::submitAndWait);
}

void submitAndWait() {
    group(g -> {
        var pool = g.pool(2);
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

        IO.println("wait for the first of those that are done already:");
        var ended = Tasks.await(all, AwaitCondition.FIRST_COMPLETED);
        IO.println(ended.done().size() + " done, " + ended.pending().size() + " pending");

        IO.println("wait for the first of new ones:");
        var two = List.of(pool.spawn(() -> getHtml(2)), pool.spawn(() -> getHtml(3)));
        var first = Tasks.await(two, AwaitCondition.FIRST_COMPLETED);
        IO.println(first.done().size() + " done, " + first.pending().size() + " pending");
        IO.println("main");
    });
}

int getHtml(int times) {
    sleep(Duration.ofMillis(100L * times));
    IO.println("get html " + times + " success");
    return times;
}
