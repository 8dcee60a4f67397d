// What a task returns, and a callback that gets the address it was for besides the task.
// Answers Threads, processes, coroutines, asyncio, program 36: the result of a coroutine, add_done_callback with partial.

import static dev.heddle.Heddle.*;

import dev.heddle.Task;

void main() {
    run(this::fetchWithCallback);
}

void fetchWithCallback() {
    var time = measureTime(() -> {
        String url = "http://www.google.com";
        var task = spawn(this::getHtml);
        task.onDone(ended -> callback(url, ended));
        IO.println(task.join());
    });
    IO.println("time: " + time.toMillis() + " ms");
}

String getHtml() {
    IO.println("start get html");
    sleep(Duration.ofMillis(200));
    return "fank";
}

/** Code after {@code join} does the same, and may wait. */
void callback(String url, Task<String> ended) {
    IO.println(url + ": " + ended.state());
}
