// Three tasks wait; Ctrl-C cancels the main task and so all of them. Arguments: [milliseconds of a unit]; they wait for 2, 3 and 3.
// Answers Threads, processes, coroutines, asyncio, program 38: all tasks are cancelled on a KeyboardInterrupt.

import static dev.heddle.Heddle.*;

import dev.heddle.CancelledException;

void main(String[] args) {
    Duration unit = Duration.ofMillis(args.length > 0 ? Long.parseLong(args[0]) : 100);
    try {
        run(() -> getThree(unit));
    } catch (CancelledException e) {
        IO.println("stopped: " + e.getMessage());
    }
}

void getThree(Duration unit) {
    gather(
            () -> getHtml(2, unit),
            () -> getHtml(3, unit),
            () -> getHtml(3, unit));
}

void getHtml(int times, Duration unit) {
    IO.println("waiting");
    try {
        sleep(unit.multipliedBy(times));
        IO.println("done after " + times);
    } catch (CancelledException e) {
        IO.println("cancel task");
        throw e;
    }
}
