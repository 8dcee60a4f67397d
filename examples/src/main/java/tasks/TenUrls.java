// Ten requests that take two tenths of a second each, all in two tenths; a callback with an argument hears of each.
// Answers Day 11, threads and asyncio, program 21: the template of asyncio before 3.7.

import static dev.heddle.Heddle.*;

void main() {
    run(this::getTen);
}

void getTen() {
    var time = measureTime(() -> group(g -> {
        for (int i = 0; i < 10; i++) {
            g.spawn(this::getUrl).onDone(task -> test("Stack", task.join()));
        }
    }));
    IO.println("time: " + time.toMillis() + " ms");
}

String getUrl() {
    IO.println("start get url");
    sleep(Duration.ofMillis(200));
    IO.println("end get url");
    return "stack";
}

void test(String url, String result) {
    IO.println(url + " hello, " + result);
}
