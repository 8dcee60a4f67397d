package dev.heddle.observe.internal.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.sync.Channel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several loops in real time are one trace, with arrows between them. */
final class TraceViewTest {

    @TempDir
    private Path directory;

    @Test
    void taskThatWakesOneOfAnotherLoopHasAnArrowToIt() throws Exception {
        Path file = directory.resolve("trace.json");
        LoopTraces traces;
        try (Loop left = Loop.start(Config.DEFAULT.withName("left"));
                Loop right = Loop.start(Config.DEFAULT.withName("right"))) {
            traces = new LoopTraces(List.of(left, right));
            Channel<Integer> channel = Channel.of(0);
            Task<Void> reader = right.spawn("reader", () -> channel.forEach(each -> {}));
            left.spawn("writer", () -> {
                for (int i = 0; i < 10; i++) {
                    channel.send(i);
                }
                channel.close();
            }).join();
            reader.join();
        }
        try (traces) {
            traces.writeTo(file);
        }
        ChromeTrace trace = ChromeTrace.read(file);
        assertTrue(trace.arrows().contains("writer -> reader"), trace.arrows()::toString);
        assertTrue(trace.tracks().containsAll(List.of("left", "right", "writer", "reader")));
        assertEquals(2, trace.of("M", "process_name").size());
        assertTrue(trace.of("i", "succeeded").size() >= 2);
    }

    @Test
    void runBelongsToTheLabelThatItHadThoughThatIsTakenAwayAtItsEnd() throws Exception {
        Path file = directory.resolve("trace.json");
        try (Loop loop = Loop.start(Config.DEFAULT.withName("one"));
                var traces = new LoopTraces(List.of(loop))) {
            loop.spawn("connection", () -> {
                Kernel.label("GET /burn");
                Kernel.label(null);
                Heddle.checkpoint();
                Kernel.label("GET /wait");
                Heddle.checkpoint();
                Kernel.label(null);
                Heddle.checkpoint();
            }).join();
            traces.writeTo(file);
        }
        List<String> runs = ChromeTrace.read(file).slices().stream()
                .filter(slice -> slice.tid() == slice.pid())
                .map(slice -> slice.name())
                .filter(name -> name.startsWith("GET") || name.equals("connection"))
                .toList();
        assertEquals(List.of("GET /burn", "GET /wait", "GET /wait", "connection"), runs);
    }

    @Test
    void taskThatHoldsItsLoopNowIsSeenToRunUntilNow() throws Exception {
        Path file = directory.resolve("trace.json");
        var held = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        try (Loop loop = Loop.start(Config.DEFAULT.withName("held"));
                var traces = new LoopTraces(List.of(loop))) {
            Task<Void> task = loop.spawn("holder", () -> {
                held.countDown();
                while (goOn.getCount() > 0) {
                    Thread.onSpinWait();
                }
            });
            held.await();
            traces.writeTo(file);
            goOn.countDown();
            task.join();
        }
        ChromeTrace trace = ChromeTrace.read(file);
        assertEquals("holder", trace.slices().stream().filter(slice -> slice.tid() == slice.pid())
                .toList().getLast().name());
    }
}
