// Two functions take turns in one thread: as generators that somebody drives by hand, and as tasks, which the loop drives.
// Answers Asyncio and gevent, programs 1 and 3: two generators by turns; the coroutine version.

import static dev.heddle.Heddle.*;

import dev.heddle.generators.Generator;

void main() {
    run(this::takeTurns);
}

void takeTurns() {
    IO.println("generators:");
    var a = steps("a", 3);
    var b = steps("b", 3);
    for (int i = 0; i < 3; i++) {
        IO.println(a.next());
        IO.println(b.next());
    }
    IO.println("tasks:");
    gather(() -> walk("a", 3), () -> walk("b", 3));
}

Generator<String> steps(String name, int count) {
    return Generator.of(out -> {
        for (int i = 0; i < count; i++) {
            out.yield(name + ".x " + i);
        }
    });
}

void walk(String name, int count) {
    for (int i = 0; i < count; i++) {
        IO.println(name + ".x " + i);
        checkpoint();                      // the others have their turn
    }
}
