package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.WorkerPool;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide's chapter on blocking code. */
final class BlockingCodeTest {

    @TempDir
    Path directory;

    @Test
    void blockingCallsOfTheJdkLetOtherTasksRun() {
        List<String> lines = Output.of(() -> run(() -> {
            var queue = new LinkedBlockingQueue<String>();
            gather(
                    () -> IO.println("got " + queue.take()),        // blocks this task, and nothing else
                    () -> {
                        Thread.sleep(10);
                        queue.put("an element");
                    });
        }));
        assertEquals(List.of("got an element"), lines);
    }

    @Test
    void socketsOfTheJdkLetOtherTasksRun() {
        List<String> lines = Output.of(() -> run(() -> {
            try (var server = new ServerSocket(0)) {
                spawn(() -> {
                    try (Socket socket = server.accept()) {
                        socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
                    }
                });
                try (var socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    IO.println(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
                }
            }
        }));
        assertEquals(List.of("hello"), lines);
    }

    @Test
    @Timeout(60)
    void selectorOfTheJdkLetsOtherTasksRun() {
        run(() -> {
            try (Selector selector = Selector.open()) {
                gather(
                        () -> {
                            selector.select();
                        },
                        () -> {
                            sleep(Duration.ofMillis(10));
                            selector.wakeup();                // never, if the first held the loop
                        });
            }
        });
    }

    @Test
    void longWorkIsOffloaded() throws IOException {
        Path file = Files.writeString(directory.resolve("numbers.txt"), "11\n13\n");
        run(() -> {
            List<String> lines = offload(() -> Files.readAllLines(file));                       // blocks in the kernel
            long product = offload(() -> lines.stream().mapToLong(Long::parseLong).reduce(1, (a, b) -> a * b));
            assertEquals(143, product);
        });
    }

    @Test
    void poolsOfThreadsServeLibrariesThatWantThem() {
        List<String> lines = Output.of(() -> run(() -> {
            try (WorkerPool pool = WorkerPool.of(4)) {
                int length = pool.call(() -> work("a body"));                     // waits for it; the other tasks go on
                Future<Integer> later = pool.submit(() -> work("another"));       // waits only for a place in the queue
                for (int each : pool.imap(List.of("a", "bb", "ccc"), this::work)) {
                    IO.println(each);                                             // in order, while the next ones are made
                }
                IO.println(length + later.get());
            }
        }));
        assertEquals(List.of("1", "2", "3", "13"), lines);
    }

    private int work(String text) {
        return text.length();
    }

    @Test
    void watchdogNamesATaskThatHoldsItsLoop() {
        List<String> reports = new CopyOnWriteArrayList<>();
        Config config = Config.DEFAULT
                .withBlockedAfter(Duration.ofMillis(20))
                .withFailureHandler((what, failure) -> reports.add(what));
        run(config, () -> {
            spawn("busy", () -> {
                while (reports.isEmpty()) {
                    Thread.onSpinWait();
                }
            }).join();
        });
        String report = reports.getFirst();
        assertTrue(report.startsWith("task busy (loop, running) holds loop for more than 20 ms"), report);
    }

    @Test
    void busyWorkThatCannotLeaveTheLoopGivesWay() {
        Sim.run(() -> {
            long[] sum = {0};
            for (int i = 1; i <= 100_000; i++) {
                sum[0] += i;
                if (i % 1000 == 0) {
                    checkpoint();
                }
            }
            assertEquals(5_000_050_000L, sum[0]);
        });
    }
}
