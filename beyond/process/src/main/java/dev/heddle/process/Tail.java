package dev.heddle.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The last lines that a child printed: its output is read on both streams, line by line, so that it never waits for a
 * full pipe, and kept for the day it dies.
 *
 * <p>A line that grows beyond a bound is cut into several. The threads, one for each stream, end with the child.
 */
final class Tail {

    private static final int MAX_LINES = 20;
    private static final int MAX_LINE_BYTES = 8 * 1024;
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final long STACK_BYTES = 256 * 1024;

    private final ArrayDeque<String> last = new ArrayDeque<>();
    private final ChildOutput output;
    private final List<Thread> threads;

    Tail(Process process, String name, ChildOutput output) {
        this.output = output;
        this.threads = List.of(
                drainer(name + " stdout", process.getInputStream(), false),
                drainer(name + " stderr", process.getErrorStream(), true));
        threads.forEach(Thread::start);
    }

    private Thread drainer(String called, InputStream source, boolean error) {
        var thread = new Thread(null, () -> drain(source, error), called, STACK_BYTES, false);
        thread.setDaemon(true);
        return thread;
    }

    private void drain(InputStream source, boolean error) {
        byte[] buffer = new byte[BUFFER_BYTES];
        byte[] line = new byte[MAX_LINE_BYTES];
        int size = 0;
        try (source) {
            for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    if (buffer[i] != '\n') {
                        line[size++] = buffer[i];
                    }
                    if (buffer[i] == '\n' || size == MAX_LINE_BYTES) {
                        tell(error, line, size);
                        size = 0;
                    }
                }
            }
        } catch (IOException e) {
            // The child is gone.
        }
        if (size > 0) {
            tell(error, line, size);
        }
    }

    private void tell(boolean error, byte[] line, int size) {
        var text = new String(line, 0, size, StandardCharsets.UTF_8);
        synchronized (last) {
            if (last.size() == MAX_LINES) {
                last.removeFirst();
            }
            last.addLast(text);
        }
        output.print(error, text);
    }

    /** The last lines of both, after the end of the child if that comes soon. */
    List<String> lines(long patienceMillis) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(patienceMillis);
        }
        synchronized (last) {
            return List.copyOf(last);
        }
    }
}
