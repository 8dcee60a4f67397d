package dev.heddle;

import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.generators.Coroutine;
import dev.heddle.generators.Generator;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The stack of a running task can be read at any moment, also while it suspends a generator or a coroutine. */
final class RunningStackTest {

    /** Interpreted code is suspended on the slow way, where the JDK lets a reader in. */
    private static final List<String> FLAGS = List.of(ChildJvm.OPEN_LANG, ChildJvm.EXPORT_VM, "-Xint");

    @Test
    void readerOfStacksLeavesGeneratorsAlone() throws Exception {
        assertReads(Generators.class);
    }

    @Test
    void readerOfStacksLeavesCoroutinesAlone() throws Exception {
        assertReads(Coroutines.class);
    }

    private static void assertReads(Class<?> main) throws Exception {
        try (ChildJvm child = ChildJvm.start(main, FLAGS)) {
            String printed = child.rest();
            assertEquals(0, child.exitCode(), printed);
            assertTrue(printed.startsWith("read"), printed);
        }
    }

    /** Pulls items from generators while another thread reads the stack. */
    static final class Generators {
        public static void main(String[] args) {
            readBeside(() -> {
                long sum = 0;
                for (int round = 0; round < 20; round++) {
                    try (Generator<Integer> numbers = Generator.of(out -> {
                        for (int i = 0; i < 500; i++) {
                            out.yield(i);
                        }
                    })) {
                        for (int number : numbers) {
                            sum += number;
                        }
                    }
                }
                return sum;
            });
        }
    }

    /** Switches to a coroutine that has a generator inside, while another thread reads the stack. */
    static final class Coroutines {
        public static void main(String[] args) {
            readBeside(() -> {
                Coroutine<Integer> root = Coroutine.current();
                Coroutine<Integer> doubled = Coroutine.of(first -> {
                    int number = first;
                    while (true) {
                        number = root.switchTo(2 * number);
                    }
                });
                long sum = 0;
                for (int i = 0; i < 10_000; i++) {
                    sum += doubled.switchTo(i);
                }
                doubled.close();
                return sum;
            });
        }
    }

    private static void readBeside(Callable<Long> work) {
        Heddle.run(Config.DEFAULT.withSignals(false), () -> {
            Task<Long> worker = spawn(work);
            Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    Arrays.stream(worker.stackTrace()).forEach(StackTraceElement::getMethodName);
                }
            });
            System.out.println("read while it made " + worker.join());
        });
    }
}
