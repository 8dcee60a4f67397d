// A mistake: a task is spawned and never joined, and then it fails.
// Its failure is told all the same, with the line that spawned it.

import static dev.heddle.Heddle.*;

import java.time.Duration;

void main() {
    run(() -> {
        spawn("report", this::report);                                      // better: keep it and join it, or use a group
        sleep(Duration.ofMillis(100));
    });
    IO.println("the end");
}

void report() {
    List.of("first page", "second page").forEach(page -> print(page, 1));
}

void print(String page, int sheetsLeft) {
    if (page.startsWith("second") && sheetsLeft < 2) {
        throw new IllegalStateException("no paper");
    }
}
