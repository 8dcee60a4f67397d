// A generator that yields the elements of others, and one that lets another speak for it and gets its result.
// Answers Threads, processes, coroutines, asyncio, programs 32 and 33: my_chain with yield from; main, g1 and gen.

import dev.heddle.generators.DuplexGenerator;
import dev.heddle.generators.Generator;

void main() {
    show();
}

void show() {
    var sites = new TreeMap<>(Map.of("fank", "fankcoder.com", "fank1", "fankcoder1.com", "fank2", "fankcoder2.com"));
    chain(List.of(1, 2, 3), sites.keySet(), range(5, 10)).forEach(IO::println);
    speakThrough();
    failThrough();
    closeThrough();
}

Generator<Object> chain(Iterable<?>... parts) {
    return Generator.of(out -> {
        for (var part : parts) {
            out.yieldFrom(part);
        }
    });
}

Iterable<Integer> range(int from, int to) {
    return () -> IntStream.range(from, to).iterator();
}

void speakThrough() {
    DuplexGenerator<String, String, Integer> inner = DuplexGenerator.of(out -> {
        String name = out.yield("your name?");
        String city = out.yield("hello " + name + ", your city?");
        return name.length() + city.length();
    });
    DuplexGenerator<String, String, String> outer = DuplexGenerator.of(out -> {
        int letters = out.yieldFrom(inner);
        return letters + " letters";
    });
    IO.println(outer.next());
    IO.println(outer.send("fank"));         // goes to the inner one
    try {
        outer.send("Beijing");
    } catch (NoSuchElementException end) {
        IO.println(outer.result());
    }
}

/** What is thrown into the outer one arrives where the inner one stands. */
void failThrough() {
    var outer = through(inner());
    IO.println(outer.next());
    IO.println(outer.fail(new IllegalStateException("download error")));
    outer.close();
}

/** The close of the outer one is that of the inner one first. */
void closeThrough() {
    var inner = inner();
    var outer = through(inner);
    IO.println(outer.next());
    outer.close();
    IO.println("inner " + inner.state() + ", outer " + outer.state());
}

DuplexGenerator<String, String, Void> inner() {
    return DuplexGenerator.of(out -> {
        try {
            out.yield("ready");
        } catch (IllegalStateException e) {
            out.yield("the inner one caught: " + e.getMessage());
        } finally {
            IO.println("the inner one cleans up");
        }
        return null;
    });
}

DuplexGenerator<String, String, Void> through(DuplexGenerator<String, String, Void> inner) {
    return DuplexGenerator.of(out -> out.yieldFrom(inner));
}
