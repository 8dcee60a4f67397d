package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.examples.Output;
import dev.heddle.generators.Coroutine;
import dev.heddle.generators.DuplexGenerator;
import dev.heddle.generators.Generator;
import dev.heddle.sim.Sim;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide's chapter on generators and coroutines. */
final class GeneratorsTest {

    @TempDir
    private Path directory;

    private record Tree(Tree left, int value, Tree right) {}

    private Generator<Integer> squares() {
        Generator<Integer> squares = Generator.of(out -> {
            for (int i = 0;; i++) {
                out.yield(i * i);
            }
        });
        return squares;
    }

    @Test
    void elementsAreMadeAsTheyAreAskedFor() {
        List<String> lines = Output.of(() -> {
            Generator<Integer> squares = squares();
            for (int square : squares) {
                if (square > 50) {
                    break;
                }
                IO.println(square);
            }
            squares.close();
        });
        assertEquals(List.of("0", "1", "4", "9", "16", "25", "36", "49"), lines);
        List<Integer> even = squares().stream().filter(square -> square % 2 == 0).limit(3).toList();
        assertEquals(List.of(0, 4, 16), even);
    }

    private static void walk(Tree tree, Generator.Out<Integer> out) {
        if (tree != null) {
            walk(tree.left(), out);
            out.yield(tree.value());
            walk(tree.right(), out);
        }
    }

    @Test
    void anyDepth() {
        Tree tree = new Tree(new Tree(null, 1, null), 2, new Tree(null, 3, null));
        Generator<Integer> values = Generator.of(out -> walk(tree, out));
        assertEquals(List.of(1, 2, 3), values.stream().toList());
    }

    private static Generator<String> lines(Path file) {
        return Generator.of(out -> {
            try (BufferedReader reader = Files.newBufferedReader(file)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    out.yield(line);
                }
            }
        });
    }

    @Test
    void closingRunsTheFinallyBlocks() throws Exception {
        Path file = Files.writeString(directory.resolve("file.txt"), "first\nsecond\n");
        List<String> printed = Output.of(() -> {
            try (Generator<String> lines = lines(file)) {
                IO.println(lines.next());
            }   // the file is closed here
        });
        assertEquals(List.of("first"), printed);
    }

    @Test
    void bodyMayWait() {
        Sim.run(() -> {
            Generator<String> polls = Generator.of(out -> {
                while (true) {
                    out.yield("poll");
                    sleep(Duration.ofSeconds(10));
                }
            });
            polls.next();
            polls.next();
            assertEquals(Duration.ofSeconds(10), Sim.current().elapsed());
            assertFalse(moveOnAfter(Duration.ofSeconds(1), () -> IO.println(polls.next())));
        });
    }

    @Test
    void yieldsInsideAScopeAreRefused() {
        Sim.run(() -> {
            List<String> got = new ArrayList<>();
            Generator<String> polls = Generator.of(out -> {
                while (true) {
                    String page = timeout(Duration.ofSeconds(1), () -> "page");   // leave the scope with the value,
                    out.yield(page);                                              // then yield it
                }
            });
            got.add(polls.next());
            assertEquals(List.of("page"), got);
            Generator<String> wrong = Generator.of(out -> timeout(Duration.ofSeconds(1), () -> out.yield("page")));
            assertThrows(IllegalStateException.class, wrong::next);
        });
    }

    @Test
    void valuesGoBothWays() {
        List<String> lines = Output.of(() -> {
            DuplexGenerator<Double, Integer, String> average = DuplexGenerator.of(out -> {
                double sum = 0;
                int count = 0;
                Integer number = out.yield(0.0);
                while (number != null) {
                    sum += number;
                    count++;
                    number = out.yield(sum / count);
                }
                return count + " numbers";
            });
            average.next();                         // to the first yield
            IO.println(average.send(10));           // 10.0
            IO.println(average.send(20));           // 15.0
            try {
                average.next();                     // sends nothing: out.yield gives null
            } catch (NoSuchElementException ended) {
                IO.println(average.result());       // 2 numbers
            }
        });
        assertEquals(List.of("10.0", "15.0", "2 numbers"), lines);
    }

    @Test
    void oneTakesThePlaceOfAnother() {
        DuplexGenerator<String, String, String> ask = DuplexGenerator.of(out -> out.yield("name?"));
        DuplexGenerator<String, String, String> form = DuplexGenerator.of(out -> {
            String name = out.yieldFrom(ask);
            String age = out.yield("age of " + name + "?");
            return name + ", " + age;
        });
        assertEquals("name?", form.next());
        assertEquals("age of Ada?", form.send("Ada"));
        assertThrows(NoSuchElementException.class, () -> form.send("36"));
        assertEquals("Ada, 36", form.result());
    }

    @Test
    void coroutinesSwitch() {
        List<String> lines = Output.of(() -> {
            Coroutine<Integer> main = Coroutine.current();
            Coroutine<Integer> doubler = Coroutine.of(first -> {
                int number = first;
                while (number < 100) {
                    number = main.switchTo(number * 2);
                }
                return -1;                              // the end goes to the parent, here main
            });
            IO.println(doubler.switchTo(4));            // 8
            IO.println(doubler.switchTo(50));           // 100
            IO.println(doubler.switchTo(100));          // -1
            IO.println(doubler.isDead());               // true
        });
        assertEquals(List.of("8", "100", "-1", "true"), lines);
    }
}
