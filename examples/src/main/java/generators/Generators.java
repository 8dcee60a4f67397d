// Generators: elements made as they are asked for, values sent in, one inside another, and one that waits.
// Answers the Python programs: consume() and produce(c) with c.send(n), my_chain(*args) with yield from, g.throw, g.close.

import static dev.heddle.Heddle.*;

import dev.heddle.generators.DuplexGenerator;
import dev.heddle.generators.Generator;

void main() {
    run(this::show);
}

void show() {
    IO.println(squares().stream().limit(5).toList());
    produce(consumer());
    chain(List.of("a", "b"), List.of(1, 2), squares(3)).forEach(IO::println);
    twoCountdowns();
}

Generator<Integer> squares() {
    return Generator.of(out -> {
        for (int i = 0;; i++) {
            out.yield(i * i);
        }
    });
}

Generator<Integer> squares(int end) {
    return Generator.of(out -> {
        for (int i = 0; i < end; i++) {
            out.yield(i * i);
        }
    });
}

// n = yield r
DuplexGenerator<String, Integer, Void> consumer() {
    return DuplexGenerator.of(out -> {
        String answer = "";
        try {
            while (true) {
                Integer number = out.yield(answer);
                IO.println("consuming " + number);
                answer = "200 OK";
            }
        } finally {
            IO.println("the consumer is closed");
        }
    });
}

void produce(DuplexGenerator<String, Integer, Void> consumer) {
    consumer.next();
    for (int number = 1; number <= 2; number++) {
        IO.println("producing " + number);
        IO.println("the consumer returns " + consumer.send(number));
    }
    consumer.close();
}

// yield from
Generator<Object> chain(Iterable<?>... parts) {
    return Generator.of(out -> {
        for (var part : parts) {
            out.yieldFrom(part);
        }
    });
}

// A generator that waits suspends the task that iterates, and no other.
Generator<Integer> countdown(int from, Duration every) {
    return Generator.of(out -> {
        for (int i = from; i > 0; i--) {
            sleep(every);
            out.yield(i);
        }
    });
}

void twoCountdowns() {
    var time = measureTime(() -> {
        gather(
                () -> countdown(2, Duration.ofMillis(200)).forEach(i -> IO.println("one: " + i)),
                () -> countdown(3, Duration.ofMillis(150)).forEach(i -> IO.println("two: " + i)));
    });
    IO.println("both in " + time.toMillis() + " ms");
}
