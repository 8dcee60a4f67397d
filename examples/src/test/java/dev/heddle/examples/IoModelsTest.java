package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.engine.Engines;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The five I/O models of Unix, each a program. */
final class IoModelsTest {

    private static List<String> outputOf(String example) {
        return Output.of(() -> {
            try {
                Program.example(example).call("main");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void blocking() {
        assertEquals(List.of("read: hello"), outputOf("BlockingModel"));
    }

    @Test
    void nonBlocking() {
        assertEquals(List.of("read: hello", "asked many times"), outputOf("NonBlockingModel"));
    }

    @Test
    void multiplexing() {
        assertEquals(
                List.of("b is ready: hello", "c is ready: hello", "a is ready: hello"),
                outputOf("MultiplexingModel"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void signalDriven() {
        assertEquals(List.of("signal: IO", "read: hello"), outputOf("SignalModel"));
    }

    @Test
    void asynchronous() {
        List<String> lines = outputOf("AsynchronousModel");
        boolean ring = Engines.offers().stream().anyMatch(it -> it.name().equals("io_uring") && it.whyNot().isEmpty());
        assertEquals(ring, lines.getFirst().equals("engine: engine io_uring"), "it says which engine has read");
        assertEquals("read: hello", lines.getLast());
    }
}
