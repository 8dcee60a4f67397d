// A consumer that is called anew for each item, and one that goes on where it stood, with both times. Arguments: [items].
// Answers Asyncio and gevent, program 2: a consumer without yield; a consumer with yield.

import dev.heddle.generators.DuplexGenerator;

long sum;

void main(String[] args) {
    int items = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    call(items);
    IO.println("sums: " + sum + " and " + send(items));
}

void call(int items) {
    time("1", () -> produce(items, this::consume));
}

long send(int items) {
    try (var consumer = consumer()) {
        consumer.next();                   // to its yield, where it waits for the first item
        time("2", () -> produce(items, consumer::send));
        return consumer.send(0);
    }
}

/** What it must know at the next call stands in a field. */
void consume(int item) {
    sum += item;
}

/** What it must know at the next item is a local variable. */
DuplexGenerator<Long, Integer, Void> consumer() {
    return DuplexGenerator.of(out -> {
        long sum = 0;
        while (true) {
            sum += out.yield(sum);
        }
    });
}

void produce(int items, Consumer<Integer> target) {
    for (int item = 0; item < items; item++) {
        target.accept(item);
    }
}

void time(String which, Runnable body) {
    long start = System.nanoTime();
    body.run();
    IO.println(which + " run time is " + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
}
