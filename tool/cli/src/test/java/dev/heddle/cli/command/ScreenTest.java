package dev.heddle.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Lines and the bar share a terminal, and a slow or closed reader is noticed. */
final class ScreenTest {

    private final AtomicInteger broken = new AtomicInteger();

    private Screen screen(OutputStream out, OutputStream err) {
        return new Screen(new CommandStreams(InputStream.nullInputStream(), out, err, () -> 80),
                broken::incrementAndGet);
    }

    @Test
    void everythingPrintedIsWrittenBeforeCloseReturns() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder expected = new StringBuilder();
        try (Screen screen = screen(out, OutputStream.nullOutputStream())) {
            for (int i = 0; i < 10_000; i++) {
                screen.print("line " + i + "\n");
                expected.append("line ").append(i).append('\n');
            }
        }

        assertEquals(expected.toString(), out.toString(UTF_8));
        assertEquals(0, broken.get());
    }

    @Test
    void barIsWipedBeforeALineAndDrawnAgainAfterIt() {
        // Both ends of one terminal.
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        CountDownLatch drawn = new CountDownLatch(1);
        OutputStream err = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("a bar is one write");
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                terminal.write(bytes);
                drawn.countDown();
            }
        };
        try (Screen screen = screen(terminal, err)) {
            screen.bar("[##--]");
            drawn.await();
            screen.print("a result\n");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }

        String wipe = "\r\u001b[K";
        String text = terminal.toString(UTF_8);
        assertTrue(text.startsWith(wipe + "[##--]" + wipe + "a result\n"), text);
        assertFalse(text.substring(text.lastIndexOf(wipe)).contains("#"), "the bar is left behind: " + text);
    }

    @Test
    void readerThatTakesNothingHoldsBackWhoMakesOutput() throws Exception {
        CountDownLatch reader = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        AtomicInteger written = new AtomicInteger();
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                written.incrementAndGet();
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                writing.countDown();
                try {
                    reader.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                written.addAndGet(bytes.length);
            }
        };
        Screen screen = screen(slow, OutputStream.nullOutputStream());
        screen.print("x");
        writing.await();
        screen.print("y".repeat(Screen.MAX_PENDING + 1));
        Thread maker = Thread.ofVirtual().start(() -> {
            try {
                screen.awaitRoom();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        while (maker.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        reader.countDown();
        maker.join();
        screen.close();

        assertEquals(Screen.MAX_PENDING + 2, written.get());
    }

    @Test
    void closedPipeIsToldOnceAndDropsTheRest() throws Exception {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        Screen screen = screen(closed, OutputStream.nullOutputStream());
        screen.print("a");
        while (screen.broken().isEmpty()) {
            Thread.onSpinWait();
        }
        screen.print("y".repeat(2 * Screen.MAX_PENDING));
        screen.awaitRoom();
        screen.close();

        assertEquals(1, broken.get());
        assertTrue(Screen.isClosedPipe(screen.broken().orElseThrow()));
        assertFalse(Screen.isClosedPipe(new IOException("No space left on device")));
    }
}
