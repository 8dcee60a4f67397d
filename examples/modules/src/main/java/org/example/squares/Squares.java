package org.example.squares;

import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;

import dev.heddle.engine.Engines;
import dev.heddle.process.ProcessPool;
import java.util.List;

/** Squares numbers in child processes. Arguments: numbers. */
public final class Squares {

    private Squares() {}

    /** What comes back from a child. */
    record Square(String of, long is, boolean elsewhere) {}

    /** Prints the squares in order, and the engine. */
    public static void main(String[] numbers) {
        run(() -> {
            long here = ProcessHandle.current().pid();
            try (ProcessPool pool = ProcessPool.of(2)) {
                pool.map(List.of(numbers), number -> square(number, here)).forEach(IO::println);
            }
            IO.println("engine " + Engines.chosen());
        });
    }

    private static Square square(String number, long parent) {
        long n = Long.parseLong(number);
        long square = run(() -> spawn(() -> n * n).join()); // a child may have loops of its own
        return new Square(number, square, ProcessHandle.current().pid() != parent);
    }
}
