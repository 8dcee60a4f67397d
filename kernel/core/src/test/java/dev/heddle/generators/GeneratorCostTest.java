package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

/** What elements and switches cost in memory: nothing. */
final class GeneratorCostTest extends BothForms {

    private static final int ELEMENTS = 200_000;

    private static long allocatedBy(Runnable work) {
        work.run(); // classes are loaded, stacks have their size
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void assertNearlyNothing(long bytes) {
        assertTrue(bytes < ELEMENTS / 4, bytes + " bytes for " + ELEMENTS);
    }

    private static Generator<String> same() {
        return Generator.of(out -> {
            for (int i = 0; i < ELEMENTS; i++) {
                out.yield("x");
            }
        });
    }

    private static void drain(Iterator<?> elements) {
        int count = 0;
        while (elements.hasNext()) {
            elements.next();
            count++;
        }
        assertEquals(ELEMENTS, count);
    }

    @Test
    void elementsThatArePulledAllocateNothing() {
        assertNearlyNothing(allocatedBy(() -> drain(same().iterator())));
    }

    @Test
    void elementsOfADelegateAllocateNothing() {
        assertNearlyNothing(allocatedBy(() -> drain(Generator.<String>of(out -> out.yieldFrom(same())).iterator())));
    }

    @Test
    void elementsThatArePushedAllocateNothing() {
        assertNearlyNothing(allocatedBy(() -> same().forEach(element -> {})));
    }

    @Test
    void switchesAllocateNothing() {
        assertNearlyNothing(allocatedBy(() -> {
            Coroutine<String> root = Coroutine.current();
            Coroutine<String> other = Coroutine.of(first -> {
                while (true) {
                    root.switchTo("x");
                }
            });
            for (int i = 0; i < ELEMENTS; i++) {
                other.switchTo("x");
            }
            other.close();
        }));
    }
}
