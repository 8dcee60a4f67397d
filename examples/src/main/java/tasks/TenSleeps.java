// Ten tasks that sleep two seconds each are done in two seconds, on one thread.
// Answers Threads, processes, coroutines, asyncio, program 35: ten get_html(url) with asyncio.sleep(2), run by asyncio.wait(tasks).

import static dev.heddle.Heddle.*;

void main() {
    run(this::sleepTenTimes);
}

void sleepTenTimes() {
    var time = measureTime(() -> group(g -> {
        for (int i = 0; i < 10; i++) {
            g.spawn(this::getHtml);
        }
    }));
    IO.println("time: " + time.toMillis() + " ms");
}

void getHtml() {
    IO.println("start get html");
    sleep(Duration.ofSeconds(2));
    IO.println("end get html");
}
