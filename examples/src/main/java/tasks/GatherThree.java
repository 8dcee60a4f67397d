// Three tasks end as their times say, and their results come in the order in which they were named.
// Answers Day 11, threads and asyncio, program 22: the template of asyncio since 3.7, with gather.

import static dev.heddle.Heddle.*;

void main() {
    run(this::gatherThree);
}

void gatherThree() {
    var results = gather(
            () -> hello("01", Duration.ofMillis(300), 10 + 5),
            () -> hello("02", Duration.ofMillis(200), 10 - 5),
            () -> hello("03", Duration.ofMillis(400), 10 * 5));
    results.forEach(IO::println);
}

int hello(String who, Duration delay, int result) {
    IO.println("Hello world " + who + " begin");
    sleep(delay);
    IO.println("Hello again " + who + " end");
    return result;
}
