import static dev.heddle.Heddle.*;

import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;

String fetchBoth() throws InterruptedException {
    try (var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow(),
            config -> config.withThreadFactory(threadFactory()))) {
        var left = scope.fork(() -> fetch("a"));
        var right = scope.fork(() -> fetch("b"));
        scope.join();
        return left.get() + ", " + right.get();
    }
}

int count;

void main() {
    run(() -> {
        IO.println(fetchBoth());
        countInForks();
        waitUntilADeadline();
    });
}

void countInForks() throws InterruptedException {
    try (var scope = StructuredTaskScope.open(Joiner.awaitAllSuccessfulOrThrow(),
            config -> config.withThreadFactory(threadFactory("count")))) {
        for (int i = 0; i < 1000; i++) {
            scope.fork(() -> {
                checkpoint();
                count = count + 1;       // no wait in between: no lock
            });
        }
        scope.join();
    }
    IO.println(count);                   // 1000
}

void waitUntilADeadline() {
    var answer = moveOnAfter(Duration.ofMillis(200), () -> {
        try (var scope = StructuredTaskScope.open(Joiner.<String>anySuccessfulResultOrThrow(),
                config -> config.withThreadFactory(threadFactory()))) {
            scope.fork(() -> {
                try {
                    sleep(Duration.ofMinutes(1));
                } finally {
                    IO.println("the fork is cancelled");
                }
                return "late";
            });
            return scope.join();
        }
    });
    IO.println("answer " + answer);
}

String fetch(String name) {
    sleep(Duration.ofMillis(10));
    return "page of " + name;
}
