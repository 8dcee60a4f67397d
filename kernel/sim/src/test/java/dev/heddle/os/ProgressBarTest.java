package dev.heddle.os;

import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A progress bar counts what is done wherever that happens, and draws it on a terminal in simulated time. */
final class ProgressBarTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What the terminal has been sent, up to the end of the bar. */
    private static Task<String> seen(ByteStream terminal) {
        return spawn(() -> new String(terminal.readAll(1 << 20), StandardCharsets.UTF_8));
    }

    private static List<String> drawings(String sent) {
        List<String> lines = new ArrayList<>();
        for (String each : sent.split("\r\u001b\\[\\?7l", -1)) {
            int end = each.indexOf("\u001b[K\u001b[?7h");
            if (end >= 0) {
                lines.add(each.substring(0, end));
            }
        }
        return lines;
    }

    @Test
    void lineHasBarShareNumbersRateAndRest() {
        assertEquals("pages  [############-------------] 50% 500/1,000  100/s  3 failed  5.00 s left",
                ProgressBar.line("pages", 500, 1000, 3, 5 * SECOND));
        assertEquals("pages  500  100/s", ProgressBar.line("pages", 500, 0, 0, 5 * SECOND));
        assertEquals("0/7  -", ProgressBar.line("", 0, 7, 0, 0).replaceAll("\\[-+] 0% ", ""));
    }

    @Test
    void lineIsNeverLongerThanATerminalOfEightyColumns() {
        for (long done : new long[]{0, 1, 999, Long.MAX_VALUE / 2, Long.MAX_VALUE}) {
            for (long total : new long[]{0, 1, 1000, Long.MAX_VALUE}) {
                for (String what : List.of("", "pages", "x".repeat(200))) {
                    String line = ProgressBar.line(what, done, total, done, SECOND);
                    assertTrue(line.length() < 80, line);
                }
            }
        }
    }

    @Test
    void moreThanWasExpectedIsAllOfIt() {
        String line = ProgressBar.line("", 12, 10, 0, SECOND);
        assertTrue(line.startsWith("[####"), line);
        assertTrue(line.contains("] 100% 12/12"), line);
    }

    @Test
    void nothingIsShownInASimulationAndAllIsCounted() {
        Sim.run(() -> {
            try (ProgressBar bar = ProgressBar.open("sleeps", 3)) {
                map(List.of(1, 2, 3), 2, each -> bar.count(() -> {
                    sleep(Duration.ofSeconds(each));
                    return each;
                }));
                bar.print("nobody sees this");
                assertEquals(3, bar.done());
                assertTrue(bar.toString().contains("] 100% 3/3  "), bar::toString);
            }
        });
    }

    @Test
    void isDrawnTenTimesASecondWhileTheWorkGoesOnAndOnceAtTheEnd() {
        Sim.run(() -> {
            var pair = MemoryStreams.pair();
            Task<String> seen = seen(pair.right());
            try (ProgressBar bar = ProgressBar.on(pair.left(), "steps", 4)) {
                for (int each : bar.over(List.of(1, 2, 3, 4))) {
                    sleep(Duration.ofMillis(each * 100L));
                }
            }
            pair.left().close();
            String sent = seen.join();
            List<String> lines = drawings(sent);
            assertTrue(lines.size() >= 10 && lines.size() <= 12, lines::toString);
            assertTrue(lines.getFirst().contains("] 0% 0/4  -"), lines::toString);
            assertTrue(lines.getLast().contains("] 100% 4/4  4.0/s"), lines::toString);
            assertTrue(sent.endsWith("\n"), sent);
            assertEquals(1, sent.chars().filter(c -> c == '\n').count());
            assertFalse(sent.matches("(?s).*\u001b\\[[0-9;]*m.*"), "no colours");
        });
    }

    @Test
    void printedLineStandsAboveTheBar() {
        Sim.run(() -> {
            var pair = MemoryStreams.pair();
            Task<String> seen = seen(pair.right());
            try (ProgressBar bar = ProgressBar.on(pair.left(), "steps", 0)) {
                bar.step(5);
                bar.print("a page is missing");
            }
            pair.left().close();
            assertTrue(seen.join().contains("\r\u001b[Ka page is missing\n\r\u001b[?7lsteps  5  -\u001b[K\u001b[?7h"),
                    seen::join);
        });
    }

    @Test
    void failureIsCountedAndACancelledOneIsNot() {
        Sim.run(() -> {
            ProgressBar bar = ProgressBar.open("pages", 0);
            assertThrows(IllegalStateException.class, () -> bar.count(() -> {
                throw new IllegalStateException("no such page");
            }));
            Task<String> cut = spawn(() -> bar.count(() -> {
                sleep(Duration.ofHours(1));
                return "";
            }));
            sleep(Duration.ofSeconds(1));
            cut.cancel();
            assertThrows(TaskCancelledException.class, cut::join);
            assertEquals("pages  1  1.0/s  1 failed", bar.toString());
            bar.close();
        });
    }

    @Test
    void terminalThatTakesNothingHoldsNeitherTheWorkNorTheEndForLong() {
        Sim.run(() -> {
            var pair = MemoryStreams.pair(16);
            long start = Heddle.currentLoop().nanoTime();
            try (ProgressBar bar = ProgressBar.on(pair.left(), "steps", 10)) {
                for (int i = 0; i < 10; i++) {
                    sleep(Duration.ofMillis(100));
                    bar.step();
                }
                assertEquals(SECOND, Heddle.currentLoop().nanoTime() - start);
            }
            assertTrue(Heddle.currentLoop().nanoTime() - start <= 2 * SECOND);
            pair.close();
        });
    }

    @Test
    void terminalThatIsGoneStopsTheDrawingAndNotTheWork() {
        Sim.run(() -> {
            var pair = MemoryStreams.pair();
            pair.right().close();
            try (ProgressBar bar = ProgressBar.on(pair.left(), "steps", 2)) {
                sleep(Duration.ofSeconds(1));
                bar.step(2);
                assertEquals(2, bar.done());
            }
        });
    }

    /** Real threads, which a simulation does not know. */
    @Test
    void stepsComeFromAnyThread() {
        Heddle.run(() -> {
            try (ProgressBar bar = ProgressBar.open("steps", 0)) {
                List<Thread> threads = IntStream.range(0, 4).mapToObj(each -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        bar.step();
                    }
                })).toList();
                for (Thread thread : threads) {
                    thread.join();
                }
                assertEquals(40_000, bar.done());
            }
        });
    }

    @Test
    void nameThatMovesTheCursorIsRefused() {
        Sim.run(() -> {
            assertThrows(IllegalArgumentException.class, () -> ProgressBar.open("pages\u001b[2J", 1));
            assertThrows(IllegalArgumentException.class, () -> ProgressBar.open("pages", -1));
        });
    }
}
