// A generator yields all of others in its place, and gets the result of one that has one.
// Answers Day 11, threads and asyncio, programs 13 to 15: yield from; a result that for hides; a delegating generator.

import dev.heddle.generators.DuplexGenerator;
import dev.heddle.generators.Generator;

void main() {
    IO.println(lettersAndNumbers().stream().map(Object::toString).collect(Collectors.joining(" , ")));
    showWithoutResult();
    delegating().forEach(IO::println);
}

Generator<Object> lettersAndNumbers() {
    return Generator.of(out -> {
        out.yield("a");
        out.yield("b");
        out.yield("c");
        out.yieldFrom(List.of(11, 22, 33, 44));
        out.yieldFrom(new ArrayDeque<>(List.of(12, 23, 34)));
        out.yieldFrom(range(3));
    });
}

Generator<Integer> range(int end) {
    return Generator.of(out -> {
        for (int i = 0; i < end; i++) {
            out.yield(i);
        }
    });
}

/** Yields numbers, and ends with a text. */
DuplexGenerator<Integer, Void, String> interrupted() {
    return DuplexGenerator.of(out -> {
        for (int i = 0;; i++) {
            if (i == 2) {
                return "I was interrupted";
            }
            out.yield(i);
        }
    });
}

void showWithoutResult() {
    Generator<Integer> elements = Generator.of(out -> out.yieldFrom(interrupted()));
    for (int element : elements) {
        IO.println(element);
    }
}

Generator<Integer> delegating() {
    return Generator.of(out -> {
        String result = out.yieldFrom(interrupted());
        IO.println("this is the result: " + result);
    });
}
