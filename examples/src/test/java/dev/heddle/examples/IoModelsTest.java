package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void signalDriven() {
        assertEquals(List.of("signal: USR1", "read: hello"), outputOf("SignalModel"));
    }

    @Test
    void asynchronous() {
        assertEquals(List.of("read: hello"), outputOf("AsynchronousModel"));
    }
}
